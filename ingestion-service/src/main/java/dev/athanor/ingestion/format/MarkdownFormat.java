package dev.athanor.ingestion.format;

import dev.athanor.ingestion.charset.Decoded;
import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Markdown: kept as it is, which people read as text; only a block of front matter is taken off, its title kept. */
final class MarkdownFormat implements Format {

    private static final Pattern FRONT_MATTER =
            Pattern.compile("\\A---\\s*\\n(.{0,20000}?)\\n(?:---|\\.\\.\\.)\\s*\\n", Pattern.DOTALL);
    private static final Pattern FIELD =
            Pattern.compile("(?m)^(title|author|license|licence|lang|date):\\s*[\"']?(.*?)[\"']?\\s*$");

    @Override
    public String name() {
        return "markdown";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("md", "markdown", "mdown");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("text/markdown", "text/x-markdown");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        Decoded decoded = TextDecoder.decode(content.bytes(), content.charset());
        String text = decoded.text();
        var metadata = new TreeMap<>(decoded.metadata());
        Matcher front = FRONT_MATTER.matcher(text);
        if (front.find()) {
            Matcher field = FIELD.matcher(front.group(1));
            while (field.find() && !field.group(2).isBlank()) {
                metadata.put(field.group(1), field.group(2));
            }
            text = text.substring(front.end());
        }
        String licence = metadata.getOrDefault("license", metadata.get("licence"));
        output.document(new Extracted(
                content.uri(),
                text.strip(),
                "text/markdown",
                Licences.normalize(licence),
                metadata.get("lang"),
                metadata));
    }
}
