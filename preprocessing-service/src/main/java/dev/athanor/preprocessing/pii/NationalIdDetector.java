package dev.athanor.preprocessing.pii;

/**
 * Personal numbers: US SSN, UK National Insurance number, Spanish DNI and NIE, Italian codice fiscale, German
 * tax identification number, French NIR. Where a scheme has check digits they must hold; the SSN and the UK number, which have
 * none, are found by the ranges that are never given out.
 */
final class NationalIdDetector implements Detector {

    private static final String DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
    /** Values of 0-9 and A-Z at odd places of a codice fiscale (decree of 23 December 1976). */
    private static final int[] FISCALE_ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10,
        22, 25, 24, 23
    };

    private static final String FISCALE_FORM = "AAAAAANNANNANNNA";
    /** Letters that stand for digits where two people's codes would be equal. */
    private static final String FISCALE_DIGITS = "LMNPQRSTUV";

    @Override
    public int end(String text, int at) {
        char c = text.charAt(at);
        if (!Chars.isDigit(c) && !Chars.isUpper(c)) {
            return -1;
        }
        int end = ssn(text, at);
        if (end >= 0) {
            return end;
        }
        var ends = new int[16];
        String id = Chars.compact(text, at, 16, true, " -.", ends);
        for (int length : new int[] {16, 15, 11, 9}) {
            if (id.length() >= length
                    && Chars.ends(text, ends[length - 1])
                    && valid(id.substring(0, length), text.substring(at, ends[length - 1]))) {
                return ends[length - 1];
            }
        }
        return -1;
    }

    private static boolean valid(String id, String written) {
        return switch (id.length()) {
            case 16 -> written.length() == 16 && fiscale(id);
            case 15 -> nir(id);
            case 11 -> steuerId(id, written);
            default -> dni(id) || nino(id);
        };
    }

    /** {@code 123-45-6789}; never 000, 666 or 9xx, 00 or 0000. */
    private static int ssn(String text, int at) {
        int end = at + 11;
        if (end > text.length() || text.charAt(at + 3) != '-' || text.charAt(at + 6) != '-' || !Chars.ends(text, end)) {
            return -1;
        }
        for (int i = 0; i < 11; i++) {
            if (i != 3 && i != 6 && !Chars.isDigit(text.charAt(at + i))) {
                return -1;
            }
        }
        boolean never = text.startsWith("000", at)
                || text.startsWith("666", at)
                || text.charAt(at) == '9'
                || text.startsWith("00", at + 4)
                || text.startsWith("0000", at + 7);
        return never ? -1 : end;
    }

    private static boolean nino(String id) {
        if (!digits(id, 2, 8) || "ABCD".indexOf(id.charAt(8)) < 0 || !Chars.isUpper(id.charAt(0))) {
            return false;
        }
        String prefix = id.substring(0, 2);
        return Chars.isUpper(id.charAt(1))
                && "DFIQUV".indexOf(id.charAt(0)) < 0
                && "DFIQUVO".indexOf(id.charAt(1)) < 0
                && !"BG GB KN NK NT TN ZZ".contains(prefix);
    }

    private static boolean dni(String id) {
        int nie = "XYZ".indexOf(id.charAt(0));
        if (!Chars.isUpper(id.charAt(8)) || !digits(id, 1, 8) || nie < 0 && !Chars.isDigit(id.charAt(0))) {
            return false;
        }
        int number = Integer.parseInt((nie >= 0 ? (char) ('0' + nie) : id.charAt(0)) + id.substring(1, 8));
        return DNI_LETTERS.charAt(number % 23) == id.charAt(8);
    }

    private static boolean fiscale(String id) {
        int sum = 0;
        for (int i = 0; i < 16; i++) {
            char c = id.charAt(i);
            boolean fits = FISCALE_FORM.charAt(i) == 'A'
                    ? Chars.isUpper(c)
                    : Chars.isDigit(c) || FISCALE_DIGITS.indexOf(c) >= 0;
            if (!fits) {
                return false;
            }
            int value = Character.digit(c, 36);
            if (i < 15) {
                sum += i % 2 == 0 ? FISCALE_ODD[value] : value < 10 ? value : value - 10;
            }
        }
        return sum % 26 == id.charAt(15) - 'A';
    }

    /** Eleven digits: of the first ten one occurs twice or three times; ISO 7064 Mod 11,10 gives the last. */
    private static boolean steuerId(String id, String written) {
        if (!digits(id, 0, 11) || id.charAt(0) == '0' || written.indexOf('.') >= 0 || written.indexOf('-') >= 0) {
            return false;
        }
        var counts = new int[10];
        int product = 10;
        for (int i = 0; i < 10; i++) {
            int digit = id.charAt(i) - '0';
            counts[digit]++;
            int sum = (digit + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        int repeated = 0;
        for (int count : counts) {
            repeated += count > 1 ? 1 : 0;
            if (count > 3) {
                return false;
            }
        }
        int check = (11 - product) % 10;
        return repeated == 1 && check == id.charAt(10) - '0';
    }

    /** Sex, year, month, department (2A and 2B for Corsica), commune, order; key 97 - n mod 97. */
    private static boolean nir(String id) {
        char department = id.charAt(6);
        boolean corsica = id.charAt(5) == '2' && (department == 'A' || department == 'B');
        if ("1234 78".indexOf(id.charAt(0)) < 0
                || !digits(id, 0, 6)
                || !corsica && !digits(id, 6, 7)
                || !digits(id, 7, 15)) {
            return false;
        }
        int month = Integer.parseInt(id.substring(3, 5));
        if (month == 0 || month > 12 && month < 20 || month > 42 && month < 50) {
            return false;
        }
        long number = Long.parseLong(
                corsica
                        ? id.substring(0, 5) + (department == 'A' ? "19" : "18") + id.substring(7, 13)
                        : id.substring(0, 13));
        return 97 - number % 97 == Long.parseLong(id.substring(13));
    }

    private static boolean digits(String id, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Chars.isDigit(id.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
