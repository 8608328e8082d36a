import io.tally.config.client.InstanceId;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Takes a slot and keeps it until it is killed. Run from source: a compiled main class among the tests would make
 * spring-boot:test-run ask which one is meant.
 */
class SlotHolder {
    public static void main(String[] arguments) throws IOException {
        System.out.println(InstanceId.ofSlot("host", Path.of(arguments[0])).value());
        System.in.read();
    }
}
