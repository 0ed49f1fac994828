package dev.athanor.contracts.message;

/** Names of the Kafka topics. {@code service} is the first part of a stage type, e.g. {@code preprocessing}. */
public final class Topics {

    /** Desired deployments, compacted, key = deployment name, value = {@link DeploymentDesired}. */
    public static final String DEPLOYMENTS = "athanor.deployments.v1";

    private Topics() {}

    /** {@link StageCommand}s from the gateway to one service. */
    public static String commands(String service) {
        return "athanor." + service + ".commands.v1";
    }

    /** {@link TaskReady} among the instances of one service. */
    public static String tasks(String service) {
        return "athanor." + service + ".tasks.v1";
    }

    /** {@link StageEvent}s from one service to everybody. */
    public static String events(String service) {
        return "athanor." + service + ".events.v1";
    }

    public static String deadLetters(String topic) {
        return topic + ".dlq";
    }
}
