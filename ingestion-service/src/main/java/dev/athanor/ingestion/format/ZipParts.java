package dev.athanor.ingestion.format;

import dev.athanor.ingestion.charset.TextDecoder;
import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Parts of a document that is a zip archive, each bounded like a document of its own. */
final class ZipParts {

    private static final int MAX_DEPTH = 256;

    private ZipParts() {}

    /** The part as an XML tree, or null if there is no such part. */
    static @Nullable Document xml(ZipFile zip, Content content, String name) throws IOException {
        ZipArchiveEntry entry = zip.getEntry(name);
        return entry == null
                ? null
                : Parser.xmlParser().setMaxDepth(MAX_DEPTH).parseInput(text(zip, content, entry), "");
    }

    static String text(ZipFile zip, Content content, ZipArchiveEntry entry) throws IOException {
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw new BadContentException(DeadLetterReason.ENCRYPTED, entry.getName() + " is encrypted");
        }
        int max = content.budget().limits().maxDocumentBytes();
        try (InputStream in = content.budget().expanded(zip.getInputStream(entry))) {
            byte[] bytes = in.readNBytes(max);
            if (bytes.length == max) {
                throw new BadContentException(
                        DeadLetterReason.TOO_LARGE, entry.getName() + " has more than " + max + " bytes");
            }
            return TextDecoder.decode(bytes, null).text();
        }
    }
}
