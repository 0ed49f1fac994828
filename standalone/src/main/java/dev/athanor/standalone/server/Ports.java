package dev.athanor.standalone.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** All ports of a standalone server, counted from the gateway's. */
public record Ports(int gateway) {

    public Ports {
        if (gateway < 1024 || gateway > 65_000) {
            throw new IllegalArgumentException("--port: expected a number from 1024 to 65000, got " + gateway);
        }
    }

    /** @param index 0 for the gateway, 1 for the first service behind it, … */
    public int service(int index) {
        return gateway + index;
    }

    public int kafka() {
        return gateway + 20;
    }

    public int database() {
        return gateway + 21;
    }

    /** Those that another process holds. */
    public List<Integer> inUse(boolean withDatabase) {
        List<Integer> wanted = new ArrayList<>();
        for (int i = 0; i < ServiceSet.SERVICES.size(); i++) {
            wanted.add(service(i));
        }
        wanted.add(kafka());
        if (withDatabase) {
            wanted.add(database());
        }
        return wanted.stream().filter(port -> !free(port)).toList();
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
