package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Budget;
import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

/** PDF through PDFBox: the text of all pages in reading order as far as the file tells. Scans without text have none. */
final class PdfFormat implements Format {

    @Override
    public String name() {
        return "pdf";
    }

    @Override
    public boolean magic(byte[] head) {
        // Readers accept some bytes before the mark; a kilobyte is the usual bound.
        for (int i = 0; i + 5 <= Math.min(head.length, 1024); i++) {
            if (head[i] == '%'
                    && head[i + 1] == 'P'
                    && head[i + 2] == 'D'
                    && head[i + 3] == 'F'
                    && head[i + 4] == '-') {
                return i == 0 || isMostlyBlankOrBinary(head, i);
            }
        }
        return false;
    }

    private static boolean isMostlyBlankOrBinary(byte[] head, int to) {
        int letters = 0;
        for (int i = 0; i < to; i++) {
            letters += Character.isLetter(head[i]) ? 1 : 0;
        }
        return letters * 2 < to;
    }

    @Override
    public Set<String> extensions() {
        return Set.of("pdf");
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of("application/pdf", "application/x-pdf");
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        Budget budget = content.budget();
        Path file = content.spool();
        try {
            PdfStreams.check(file, 4L * budget.limits().maxDocumentBytes(), budget);
            text(content, file, output);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void text(Content content, Path file, Output output) throws IOException {
        Budget budget = content.budget();
        try (var bytes = new TimedFile(file, budget);
                PDDocument pdf = Loader.loadPDF(bytes, "", null, null, IOUtils.createMemoryOnlyStreamCache())) {
            var stripper = new TimedStripper(budget);
            stripper.setAddMoreFormatting(true);
            String text = stripper.getText(pdf).strip();
            if (text.isEmpty()) {
                throw new BadContentException(
                        DeadLetterReason.NO_TEXT, pdf.getNumberOfPages() + " pages without text; scanned, perhaps");
            }
            PDDocumentInformation information = pdf.getDocumentInformation();
            output.document(new Extracted(
                    content.uri(),
                    text,
                    "text/plain",
                    null,
                    null,
                    new Metadata()
                            .put("title", information.getTitle())
                            .put("author", information.getAuthor())
                            .put("pages", Integer.toString(pdf.getNumberOfPages()))
                            .put("from", "pdf")
                            .values()));
        } catch (InvalidPasswordException e) {
            throw new BadContentException(DeadLetterReason.ENCRYPTED, "needs a password");
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("decryption material")) {
                throw new BadContentException(DeadLetterReason.ENCRYPTED, "encrypted for the owner of a certificate");
            }
            throw e;
        }
    }

    /** Broken files can send a parser round in circles; it has to read to do so. */
    private static final class TimedFile extends RandomAccessReadBufferedFile {

        private final Budget budget;

        TimedFile(Path file, Budget budget) throws IOException {
            super(file);
            this.budget = budget;
        }

        @Override
        public int read() throws IOException {
            budget.checkTime();
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            budget.checkTime();
            return super.read(buffer, offset, length);
        }
    }

    /** Bounded in time and in text. */
    private static final class TimedStripper extends PDFTextStripper {

        private final Budget budget;
        private int operators;

        TimedStripper(Budget budget) {
            this.budget = budget;
        }

        @Override
        protected void processOperator(Operator operator, java.util.List<COSBase> operands) throws IOException {
            if ((++operators & 0xff) == 0) {
                budget.checkTime();
            }
            super.processOperator(operator, operands);
        }
    }
}
