package dev.athanor.stage.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Version of the project, part of every artifact's producer. */
public final class CodeVersion {

    public static final String VALUE = read();

    private CodeVersion() {}

    private static String read() {
        Properties properties = new Properties();
        try (InputStream in = CodeVersion.class.getResourceAsStream("/dev/athanor/stage/version.properties")) {
            properties.load(java.util.Objects.requireNonNull(in, "version.properties is on the class path"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
