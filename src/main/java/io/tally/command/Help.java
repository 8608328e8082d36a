package io.tally.command;

import io.tally.command.frame.Arguments;
import io.tally.command.frame.Command;
import io.tally.command.frame.CommandOption;
import java.util.List;

/** The texts of {@code --help}. */
final class Help {
    private static final String CODES =
            "Exit codes: 0 good, 1 differences or errors found, 2 usage or configuration," + " 3 could not be done.\n";

    private Help() {}

    static String ofAll(List<Command> commands) {
        StringBuilder text = new StringBuilder("""
                Usage: java -jar tally.jar [properties]            runs the service
                       java -jar tally.jar COMMAND [options] [properties]

                Commands:
                """);
        commands.forEach(command -> text.append(String.format("  %-10s %s%n", command.name(), command.summary())));
        return text + "\nCOMMAND --help lists a command's options. Properties are those of the service, as"
                + " --spring.kafka.bootstrap-servers=HOST:PORT.\n" + CODES;
    }

    static String of(Command command) {
        StringBuilder text = new StringBuilder("Usage: java -jar tally.jar " + command.name()
                + " [options] [properties]\n\n" + command.summary() + ".\n");
        if (!command.details().isEmpty()) {
            text.append('\n').append(command.details()).append('\n');
        }
        text.append("\nOptions:\n");
        command.options().forEach(option -> add(option, text));
        Arguments.COMMON.forEach(option -> add(option, text));
        return text + "\nProperties are those of the service, as --spring.kafka.bootstrap-servers=HOST:PORT.\n" + CODES;
    }

    private static void add(CommandOption option, StringBuilder text) {
        text.append(String.format("  %-26s %s%n", option.usage(), option.text()));
    }
}
