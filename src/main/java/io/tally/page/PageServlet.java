package io.tally.page;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers {@code /} with the page, {@code /page/...} with its files, and {@code /page/stream} with what is new. */
final class PageServlet extends HttpServlet {
    static final String STREAM = "/stream";
    /** Nothing from elsewhere, no script or style in the markup, and in nobody's frame. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final long serialVersionUID = 1;

    private final transient Feed feed;
    private final transient Assets assets;

    PageServlet(Feed feed, Assets assets) {
        this.feed = feed;
        this.assets = assets;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        String path = request.getPathInfo();
        if (path == null || path.equals("/")) {
            answer(response, assets.index());
        } else if (path.equals(STREAM)) {
            stream(request, response);
        } else {
            Assets.Asset asset = assets.get(path.substring(1));
            if (asset == null) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
            } else {
                answer(response, asset);
            }
        }
    }

    private static void answer(HttpServletResponse response, Assets.Asset asset) throws IOException {
        // Always that of the running version.
        response.setHeader("Cache-Control", "no-cache");
        response.setContentType(asset.type);
        response.setContentLength(asset.bytes.length);
        response.getOutputStream().write(asset.bytes);
    }

    private void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        if (!feed.hasRoom()) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setContentType("text/plain;charset=UTF-8");
            response.getOutputStream()
                    .write(("There is no room for another page: " + Feed.MOST_VIEWERS
                                    + " are open, or Tally is stopping. Close one and load this one again.\n")
                            .getBytes(StandardCharsets.UTF_8));
            return;
        }
        response.setContentType("text/event-stream;charset=UTF-8");
        // Proxies would hold back what is to be seen at once.
        response.setHeader("X-Accel-Buffering", "no");
        AsyncContext connection = request.startAsync();
        connection.setTimeout(0);
        Viewer viewer = new Viewer(connection, response.getOutputStream(), feed::remove);
        connection.addListener(viewer);
        response.getOutputStream().setWriteListener(viewer);
        feed.add(viewer);
    }
}
