package dev.athanor.standalone.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Checks every service of docker-compose.yml against the module that it is built from. */
class ComposeFileTest {

    private static final Path ROOT = Repository.root();
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(ATHANOR_[A-Z0-9_]+)");

    private final Map<String, Map<String, Object>> services = services();

    @Test
    void everyModuleThatIsAServiceIsThere() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<String> expected = modules.map(p -> p.getFileName().toString())
                    .filter(name -> name.endsWith("-service") || name.equals("gateway"))
                    .sorted()
                    .toList();
            assertThat(built().keySet()).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void portsMainClassesAndJarsFitTheModules() throws IOException {
        for (var entry : built().entrySet()) {
            String module = entry.getKey();
            Map<String, Object> arguments =
                    map(map(entry.getValue().get("build")).get("args"));
            assertThat(arguments.get("SERVICE")).isEqualTo(module);

            Map<String, Object> own = yaml(ROOT.resolve(module).resolve("src/main/resources/" + module + ".yml"));
            String port = String.valueOf(map(own.get("server")).get("port")).replaceAll(".*:(\\d+)}$", "$1");
            assertThat(port).as("port of " + module).isEqualTo(arguments.get("PORT"));

            Path jar = ROOT.resolve(module).resolve("target").resolve(module + "-0.1.0-SNAPSHOT-exec.jar");
            if (Files.exists(jar)) { // built with -Pdist, as the launcher's test command does
                try (var file = new JarFile(jar.toFile())) {
                    assertThat(file.getManifest().getMainAttributes().getValue("Start-Class"))
                            .startsWith("dev.athanor.")
                            .endsWith("Application");
                    assertThat(file.getEntry("BOOT-INF/classes/" + module + ".yml"))
                            .isNotNull();
                    assertThat(file.getEntry("BOOT-INF/layers.idx")).isNotNull();
                }
            }
        }
    }

    @Test
    void everyVariableThatIsSetIsRead() throws IOException {
        var read = new TreeSet<String>();
        try (Stream<Path> files = Files.walk(ROOT, 8)) {
            List<Path> sources = files.filter(
                            p -> p.toString().matches(".*/src/main/(resources/.*\\.yml|java/.*\\.java)"))
                    .toList();
            for (Path source : sources) {
                VARIABLE.matcher(Files.readString(source)).results().forEach(m -> read.add(m.group(1)));
            }
        }
        for (var entry : built().entrySet()) {
            var set = map(entry.getValue().get("environment")).keySet().stream()
                    .filter(name -> name.startsWith("ATHANOR_"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(read).as("read by " + entry.getKey()).containsAll(set);
        }
    }

    @Test
    void prometheusScrapesEveryService() throws IOException {
        String configuration = Files.readString(ROOT.resolve("deploy/prometheus/prometheus.yml"));
        for (var entry : built().entrySet()) {
            String port =
                    (String) map(map(entry.getValue().get("build")).get("args")).get("PORT");
            assertThat(configuration).contains("- " + entry.getKey() + ":" + port);
        }
    }

    /** The services that are built here, by name. */
    private Map<String, Map<String, Object>> built() {
        var built = new TreeMap<>(services);
        built.values().removeIf(service -> !service.containsKey("build"));
        return built;
    }

    private static Map<String, Map<String, Object>> services() {
        var services = new TreeMap<String, Map<String, Object>>();
        map(yaml(ROOT.resolve("docker-compose.yml")).get("services"))
                .forEach((name, service) -> services.put(name, map(service)));
        return services;
    }

    private static Map<String, Object> yaml(Path file) {
        try {
            // A service's settings come in several documents, of which later ones win.
            var merged = new TreeMap<String, Object>();
            new Yaml(new SafeConstructor(new LoaderOptions()))
                    .loadAll(Files.readString(file))
                    .forEach(part -> merged.putAll(map(part)));
            return merged;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        return (Map<String, Object>) value;
    }
}
