package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** All formats, and which of them some content is: by its first bytes, else its extension, its declared type, its looks. */
public final class Formats {

    /** In the order in which they are asked. */
    static final List<Format> ALL = List.of(
            new GzipFormat(),
            new ZstdFormat(),
            new Bzip2Format(),
            new ZipFormat(),
            new TarFormat(),
            new WarcFormat(),
            new ParquetFormat(),
            new PdfFormat(),
            new FeedFormat(),
            new JatsFormat(),
            new PubMedFormat(),
            new MediaWikiFormat(),
            new HtmlFormat(),
            new XmlFormat(),
            new JsonLinesFormat(),
            new JsonFormat(),
            CsvFormat.csv(),
            CsvFormat.tsv(),
            new MarkdownFormat(),
            new LatexFormat(),
            new TextFormat());

    private Formats() {}

    /** @throws BadContentException EMPTY or UNSUPPORTED_FORMAT */
    public static Format of(Content content) throws IOException {
        byte[] head = content.head();
        if (head.length == 0) {
            throw new BadContentException(DeadLetterReason.EMPTY, "no bytes");
        }
        String extension = extension(content.name());
        String looks = new String(head, StandardCharsets.ISO_8859_1)
                .replace("\u0000", "")
                .replaceFirst("^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)", "")
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        return first(f -> f.magic(head))
                .or(() -> first(f -> f.extensions().contains(extension)))
                .or(() ->
                        first(f -> content.mediaType() != null && f.mediaTypes().contains(content.mediaType())))
                .or(() -> first(f -> f.looksLike(looks)))
                .orElseThrow(() -> new BadContentException(
                        DeadLetterReason.UNSUPPORTED_FORMAT,
                        "no format for '" + content.name() + "'"
                                + (content.mediaType() == null ? "" : " (" + content.mediaType() + ")")));
    }

    private static Optional<Format> first(java.util.function.Predicate<Format> test) {
        return ALL.stream().filter(test).findFirst();
    }

    /** Lower-case extension without the dot, or an empty text. */
    static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** The name without the given extensions, e.g. {@code a.txt} for {@code a.txt.gz}; {@code tgz} becomes {@code tar}. */
    static String without(String name, String... extensions) {
        String extension = extension(name);
        String stem = name.substring(0, Math.max(0, name.length() - extension.length() - 1));
        if (extension.length() == 3 && extension.startsWith("t") && !extension.equals("txt")) {
            return stem + ".tar";
        }
        return List.of(extensions).contains(extension) ? stem : name;
    }

    static boolean startsWith(byte[] head, int... magic) {
        if (head.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((head[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
