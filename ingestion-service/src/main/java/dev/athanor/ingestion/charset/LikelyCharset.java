package dev.athanor.ingestion.charset;

import com.ibm.icu.text.CharsetMatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of text that says nothing about it: each is tried, and the reading that is the likeliest by its letters
 * ({@link LetterModel}) is taken. Encodings of DOS and of the old Macintosh must be likelier by a little, and what ICU's own
 * statistics prefer may be a little less likely: of a few letters several readings are good.
 */
final class LikelyCharset {

    /** Bytes that are read in every encoding. */
    private static final int SAMPLE = 4 << 10;

    private static final int ICU_SAMPLE = 1 << 16;

    /** Nats by which an encoding must be likelier than windows-1252, which most such texts are in. */
    private static final double FREQUENT = 3;

    private static final double RARE = 10;

    /** Nats that ICU's first choice may be less likely: at all, and for each byte that is not ASCII's. */
    private static final double ICU_FIRST = 5;

    private static final double ICU_FOR_BYTE = 0.06;

    /** @param rare nearly gone from the world since the nineties */
    private record Candidate(String charset, String languages, boolean rare) {}

    private static final List<Candidate> CANDIDATES = List.of(
            new Candidate("windows-1252", "western", false),
            new Candidate("windows-1251", "cyrillic", false),
            new Candidate("windows-1250", "central", false),
            new Candidate("windows-1253", "greek", false),
            new Candidate("windows-1254", "turkish", false),
            new Candidate("windows-1255", "hebrew", false),
            new Candidate("windows-1256", "arabic", false),
            new Candidate("windows-1257", "baltic", false),
            new Candidate("windows-1258", "vietnamese", true),
            new Candidate("ISO-8859-2", "central", false),
            new Candidate("ISO-8859-5", "cyrillic", false),
            new Candidate("ISO-8859-6", "arabic", false),
            new Candidate("ISO-8859-7", "greek", false),
            new Candidate("KOI8-R", "cyrillic", false),
            new Candidate("KOI8-U", "cyrillic", false),
            new Candidate("x-windows-874", "thai", false),
            new Candidate("windows-31j", "japanese", false),
            new Candidate("EUC-JP", "japanese", false),
            new Candidate("GB18030", "chinese", false),
            new Candidate("Big5", "chinese", false),
            new Candidate("x-EUC-TW", "chinese", true),
            new Candidate("x-windows-949", "korean", false),
            new Candidate("x-Johab", "korean", true),
            new Candidate("IBM437", "western", true),
            new Candidate("IBM850", "western", true),
            new Candidate("IBM852", "central", true),
            new Candidate("IBM737", "greek", true),
            new Candidate("IBM855", "cyrillic", true),
            new Candidate("IBM857", "turkish", true),
            new Candidate("IBM862", "hebrew", true),
            new Candidate("IBM866", "cyrillic", true),
            new Candidate("x-MacRoman", "western", true),
            new Candidate("x-MacCentralEurope", "central", true),
            new Candidate("x-MacCyrillic", "cyrillic", true),
            new Candidate("x-MacGreek", "greek", true));

    private LikelyCharset() {}

    static Charset of(byte[] bytes) {
        Charset icu = icu(bytes);
        boolean wide = icu != null && icu.name().startsWith("UTF-");
        byte[] sample = wide ? Arrays.copyOf(bytes, Math.min(bytes.length, SAMPLE)) : sample(bytes);
        int foreign = 0;
        for (byte b : sample) {
            foreign += b < 0 ? 1 : 0;
        }
        Charset best = Charset.forName("windows-1252");
        double least = Double.POSITIVE_INFINITY;
        boolean icuTried = false;
        for (Candidate candidate : CANDIDATES) {
            Charset charset = CharsetDetector.forName(candidate.charset());
            if (charset == null) {
                continue; // a platform without the old encodings
            }
            double cost = LetterModel.of(candidate.languages()).cost(new String(sample, charset));
            cost += handicap(candidate);
            if (charset.equals(icu)) {
                icuTried = true;
                cost -= ICU_FIRST + ICU_FOR_BYTE * foreign;
            }
            if (cost < least) {
                least = cost;
                best = charset;
            }
        }
        if (icu != null && !icuTried) {
            String text = new String(sample, icu);
            double cost = LetterModel.all().stream()
                    .mapToDouble(m -> m.cost(text))
                    .min()
                    .orElse(least);
            best = cost - ICU_FIRST - ICU_FOR_BYTE * foreign < least ? icu : best;
        }
        return best;
    }

    private static double handicap(Candidate candidate) {
        return candidate.charset().equals("windows-1252") ? 0 : candidate.rare() ? RARE : FREQUENT;
    }

    /** Lines with other letters than ASCII's; no encoding has a line feed within a character. */
    private static byte[] sample(byte[] bytes) {
        var sample = new ByteArrayOutputStream(SAMPLE);
        int start = 0;
        boolean foreign = false;
        for (int i = 0; i < bytes.length && sample.size() < SAMPLE; i++) {
            foreign |= bytes[i] < 0;
            boolean end = bytes[i] == '\n' || i == bytes.length - 1;
            if (end) {
                if (foreign) {
                    sample.write(bytes, start, Math.min(i + 1 - start, SAMPLE - sample.size()));
                }
                start = i + 1;
                foreign = false;
            }
        }
        return sample.toByteArray();
    }

    private static @Nullable Charset icu(byte[] bytes) {
        var detector = new com.ibm.icu.text.CharsetDetector();
        detector.setText(bytes.length <= ICU_SAMPLE ? bytes : Arrays.copyOf(bytes, ICU_SAMPLE));
        for (CharsetMatch match : detector.detectAll()) {
            Charset charset = CharsetDetector.forName(match.getName().replaceFirst("_(rtl|ltr)$", ""));
            if (charset != null
                    && !charset.name().equals("UTF-8")
                    && !charset.name().startsWith("IBM42")) {
                return charset;
            }
        }
        return null;
    }
}
