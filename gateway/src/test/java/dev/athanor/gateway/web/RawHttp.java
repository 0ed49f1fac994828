package dev.athanor.gateway.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** HTTP/1.1 straight on a socket, for requests that no client library would send. */
record RawHttp(int status, String contentType, String body) {

    static RawHttp send(int port, byte[] request) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(120_000);
            try {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
                socket.shutdownOutput();
            } catch (SocketException e) {
                // The server has answered and hung up before it read everything: the answer is what counts.
            }
            return parse(read(socket.getInputStream()));
        }
    }

    static RawHttp get(int port, String path, String... headers) throws IOException {
        return send(
                port,
                ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                + String.join(
                                        "",
                                        Arrays.stream(headers)
                                                .map(h -> h + "\r\n")
                                                .toList()) + "\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] read(InputStream in) throws IOException {
        var out = new ByteArrayOutputStream();
        try {
            in.transferTo(out);
        } catch (SocketException e) {
            // Reset after the answer.
        }
        return out.toByteArray();
    }

    private static RawHttp parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("no HTTP response: '" + text + "'");
        }
        String[] head = text.substring(0, end).split("\r\n");
        String type = Arrays.stream(head)
                .filter(h -> h.toLowerCase(Locale.ROOT).startsWith("content-type:"))
                .map(h -> h.substring(13).strip())
                .findFirst()
                .orElse("");
        String body = text.substring(end + 4);
        boolean chunked = text.substring(0, end).toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked");
        return new RawHttp(Integer.parseInt(head[0].split(" ")[1]), type, chunked ? unchunk(body) : body);
    }

    /** Bodies of these tests are ASCII, so characters are bytes. */
    private static String unchunk(String chunks) {
        var body = new StringBuilder();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(chunks, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }
}
