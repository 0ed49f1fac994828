package dev.athanor.preprocessing.pii;

/** Payment cards: an issuer's prefix with one of its lengths, and Luhn's check digit (ISO/IEC 7812). */
final class CardDetector implements Detector {

    private static final int MAX = 19;

    @Override
    public int end(String text, int at) {
        char first = text.charAt(at);
        if (first < '2' || first > '6') {
            return -1;
        }
        var ends = new int[MAX];
        String digits = Chars.compact(text, at, MAX, false, " -\u00A0", ends);
        for (int length = digits.length(); length >= 13; length--) {
            String number = digits.substring(0, length);
            if (Chars.ends(text, ends[length - 1]) && issued(number) && luhn(number)) {
                return ends[length - 1];
            }
        }
        return -1;
    }

    private static boolean issued(String number) {
        int two = Integer.parseInt(number.substring(0, 2));
        int four = Integer.parseInt(number.substring(0, 4));
        return switch (number.length()) {
            case 13 -> two / 10 == 4;
            case 14 -> two == 36 || two == 38 || four >= 3000 && four <= 3059;
            case 15 -> two == 34 || two == 37;
            case 16 ->
                two / 10 == 4
                        || two >= 51 && two <= 55
                        || four >= 2221 && four <= 2720
                        || four == 6011
                        || two == 65
                        || two == 62
                        || four >= 3528 && four <= 3589
                        || two == 50
                        || two >= 56 && two <= 58;
            case 17, 18 -> two == 62;
            default -> two / 10 == 4 || two == 62 || two == 50 || two >= 56 && two <= 58;
        };
    }

    static boolean luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
            sum += i % 2 == 0 ? digit : doubled;
        }
        return sum % 10 == 0;
    }
}
