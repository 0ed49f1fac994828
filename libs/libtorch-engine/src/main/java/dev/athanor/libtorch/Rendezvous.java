package dev.athanor.libtorch;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;

/**
 * Where the members of a process group meet: a TCP store that rank 0 serves.
 *
 * @param host where rank 0 runs
 * @param port that rank 0 listens on
 * @param rank of this process, from 0
 * @param worldSize how many processes there are
 * @param meeting how long to wait for the others when joining
 * @param timeout of every collective
 */
public record Rendezvous(String host, int port, int rank, int worldSize, Duration meeting, Duration timeout) {

    /** With one time limit for joining and for every collective. */
    public Rendezvous(String host, int port, int rank, int worldSize, Duration timeout) {
        this(host, port, rank, worldSize, timeout, timeout);
    }

    /** Validates. */
    public Rendezvous {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port is " + port + ", expected 1 to 65535");
        }
        if (worldSize < 1 || rank < 0 || rank >= worldSize) {
            throw new IllegalArgumentException(
                    "rank " + rank + " of " + worldSize + ", expected 0 <= rank < worldSize");
        }
        if (!timeout.isPositive() || !meeting.isPositive()) {
            throw new IllegalArgumentException(
                    "timeout is " + (timeout.isPositive() ? meeting : timeout) + ", expected a positive duration");
        }
    }

    /** The address of the interface that reaches {@link #host()}; nothing is sent to find it. */
    String localAddress() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(host, port));
            return socket.getLocalAddress().getHostAddress();
        } catch (SocketException | IllegalArgumentException | java.io.UncheckedIOException e) {
            throw new IllegalArgumentException("host " + host + " cannot be reached: " + e.getMessage(), e);
        }
    }
}
