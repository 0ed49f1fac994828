package dev.athanor.ingestion.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** Small PDF files for tests. */
public final class Pdfs {

    private Pdfs() {}

    /** One page with one line. */
    public static byte[] of(String text) throws IOException {
        return of(text, "-");
    }

    public static byte[] of(String text, String userPassword) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var pdf = new PDDocument()) {
            var page = new PDPage();
            pdf.addPage(page);
            try (var stream = new PDPageContentStream(pdf, page)) {
                stream.beginText();
                stream.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                stream.newLineAtOffset(50, 700);
                stream.showText(text);
                stream.endText();
            }
            if (!userPassword.equals("-")) {
                pdf.protect(new StandardProtectionPolicy("owner", userPassword, new AccessPermission()));
            }
            pdf.save(out);
        }
        return out.toByteArray();
    }
}
