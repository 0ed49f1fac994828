package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** zip: EPUB and DOCX are told by what is in them; of any other archive every file is read by itself. */
final class ZipFormat implements Format {

    @Override
    public String name() {
        return "zip";
    }

    @Override
    public boolean magic(byte[] head) {
        return Formats.startsWith(head, 'P', 'K', 3, 4) || Formats.startsWith(head, 'P', 'K', 5, 6);
    }

    @Override
    public Set<String> extensions() {
        return Set.of("zip", "epub", "docx");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of(
                "application/zip",
                "application/epub+zip",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        Path file = content.spool();
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            if (zip.getEntry(Epub.CONTAINER) != null) {
                new Epub(zip, content).read(output);
            } else if (zip.getEntry(Docx.DOCUMENT) != null) {
                new Docx(zip, content).read(output);
            } else {
                entries(zip, content, output);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void entries(ZipFile zip, Content content, Output output) throws IOException {
        int read = 0;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
            content.budget().checkTime();
            if (entry.isDirectory() || entry.isUnixSymlink() || TarFormat.hidden(entry.getName())) {
                continue;
            }
            read++;
            if (entry.getGeneralPurposeBit().usesEncryption()) {
                output.deadLetter(
                        content.uri() + "!/" + entry.getName(), DeadLetterReason.ENCRYPTED, "an encrypted entry");
                continue;
            }
            try (InputStream in = zip.getInputStream(entry)) {
                output.nested(content.expandedEntry(entry.getName(), in));
            } catch (dev.athanor.ingestion.content.BadContentException e) {
                throw e;
            } catch (IOException e) {
                // One entry with a bad header; the directory at the end tells where the others are.
                output.deadLetter(
                        content.uri() + "!/" + entry.getName(),
                        DeadLetterReason.CORRUPT,
                        String.valueOf(e.getMessage()));
            }
        }
        if (read == 0) {
            output.deadLetter(content.uri(), DeadLetterReason.EMPTY, "an archive without files");
        }
    }
}
