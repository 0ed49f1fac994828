package dev.athanor.ingestion.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A local server on plain sockets, so that it can also answer what no proper server would: each path has a list of answers,
 * given one after the other, the last one again and again.
 */
public final class ReplayServer implements AutoCloseable {

    /** Writes the whole answer, status line included. */
    @FunctionalInterface
    public interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    /** @param headers names in lower case */
    public record Request(String target, Map<String, String> headers) {}

    /** What goes wrong at an address; null where nothing does. */
    @FunctionalInterface
    public interface Fault {
        @Nullable
        Answer answer(String target, int turn);
    }

    private final ServerSocket socket;
    private volatile Fault fault = (target, turn) -> null;
    private final Map<String, List<Answer>> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> turns = new ConcurrentHashMap<>();
    public final List<Request> requests = new CopyOnWriteArrayList<>();

    public ReplayServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public String url(String path) {
        return "http://127.0.0.1:" + socket.getLocalPort() + path;
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** @param target path with query */
    public ReplayServer on(String target, Answer... inTurn) {
        answers.put(target, List.of(inTurn));
        return this;
    }

    /** From now on, with all counts at zero again. */
    public void fault(Fault next) {
        turns.clear();
        requests.clear();
        fault = next;
    }

    public boolean knows(String target) {
        return answers.containsKey(target);
    }

    public long count(String target) {
        return requests.stream().filter(r -> r.target().equals(target)).count();
    }

    public static Answer ok(String contentType, String body) {
        return ok(contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public static Answer ok(String contentType, byte[] body) {
        return answer("200 OK", body, "Content-Type: " + contentType);
    }

    public static Answer status(String status, String... headers) {
        return answer(status, new byte[0], headers);
    }

    public static Answer answer(String status, byte[] body, String... headers) {
        return out -> {
            out.write(head(status, body.length, headers));
            out.write(body);
        };
    }

    /** A head that promises more than comes. */
    public static Answer cutOff(int promised, String body) {
        return out -> {
            out.write(head("200 OK", promised, "Content-Type: text/plain"));
            out.write(body.getBytes(StandardCharsets.UTF_8));
        };
    }

    public static byte[] head(String status, long length, String... headers) {
        return ("HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\nConnection: close\r\n"
                        + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n") + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = in.readLine();
            if (first == null) {
                return;
            }
            var headers = new TreeMap<String, String>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                headers.put(
                        line.substring(0, line.indexOf(':')).toLowerCase(java.util.Locale.ROOT),
                        line.substring(line.indexOf(':') + 1).strip());
            }
            String target = first.split(" ")[1];
            requests.add(new Request(target, headers));
            List<Answer> inTurn = answers.getOrDefault(target, List.of(status("404 Not Found")));
            int turn = turns.merge(target, 1, Integer::sum) - 1;
            Answer wrong = fault.answer(target, turn);
            Answer answer = wrong != null ? wrong : inTurn.get(Math.min(turn, inTurn.size() - 1));
            answer.write(connection.getOutputStream());
            connection.getOutputStream().flush();
        } catch (IOException e) {
            // The client went away, as some tests want it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
