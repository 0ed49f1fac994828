package dev.athanor.preprocessing.pii;

import java.util.HashMap;
import java.util.Map;

/** IBANs by ISO 13616: country, its length, and the check by ISO 7064 Mod 97-10; in one piece or in groups parted by blanks. */
final class IbanDetector implements Detector {

    private static final int MAX = 34;
    private static final Map<String, Integer> LENGTHS =
            lengths("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 "
                    + "CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 "
                    + "HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 "
                    + "MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 "
                    + "SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30");

    @Override
    public int end(String text, int at) {
        if (at + 15 > text.length()
                || !Chars.isUpper(text.charAt(at))
                || !Chars.isUpper(text.charAt(at + 1))
                || !Chars.isDigit(text.charAt(at + 2))) {
            return -1;
        }
        Integer length = LENGTHS.get(text.substring(at, at + 2));
        if (length == null) {
            return -1;
        }
        var ends = new int[MAX];
        String iban = Chars.compact(text, at, length, true, " \u00A0-", ends);
        if (iban.length() < length || !Chars.ends(text, ends[length - 1])) {
            return -1;
        }
        return remainder(iban.substring(4) + iban.substring(0, 4)) == 1 ? ends[length - 1] : -1;
    }

    private static int remainder(String rearranged) {
        int remainder = 0;
        for (int i = 0; i < rearranged.length(); i++) {
            int value = Character.digit(rearranged.charAt(i), 36);
            remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
        }
        return remainder;
    }

    private static Map<String, Integer> lengths(String table) {
        var lengths = new HashMap<String, Integer>();
        for (String entry : table.split(" ")) {
            lengths.put(entry.substring(0, 2), Integer.valueOf(entry.substring(2)));
        }
        return lengths;
    }
}
