package dev.athanor.ingestion.format;

import dev.athanor.ingestion.charset.Decoded;
import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;

/** LaTeX sources as text by {@link LatexText}. Files of macros and styles alone have no text. */
final class LatexFormat implements Format {

    @Override
    public String name() {
        return "latex";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("tex", "latex", "ltx");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/x-tex", "application/x-latex", "text/x-tex");
    }

    @Override
    public boolean looksLike(String head) {
        return head.contains("\\documentclass") || head.contains("\\begin{document}");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        Decoded decoded = TextDecoder.decode(content.bytes(), content.charset());
        LatexText text = LatexText.of(decoded.text());
        output.document(new Extracted(
                content.uri(),
                text.body(),
                "text/plain",
                null,
                null,
                new Metadata().put("title", text.title()).values()));
    }
}
