package dev.athanor.preprocessing.pii;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.spec.PiiSpec;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiiFinderTest {

    private final PiiFinder finder = new PiiFinder(List.of(PiiKind.values()), List.of("Ada Lovelace", "Ada"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Write to jane.doe+news@mail.example.co.uk, please.|EMAIL|jane.doe+news@mail.example.co.uk",
                "mailto:x_1@example.org.|EMAIL|x_1@example.org",
                "Call +49 30 1234567 now|PHONE|+49 30 1234567",
                "Call +1 (212) 555-0123.|PHONE|+1 (212) 555-0123",
                "Call (212) 555-0123 or not|PHONE|(212) 555-0123",
                "Call 212.555.0123!|PHONE|212.555.0123",
                "Tel. 020 7946 0958|PHONE|020 7946 0958",
                "host 192.168.17.4:8080 is up|IP|192.168.17.4",
                "the version runs on 10.0.0.1|IP|10.0.0.1",
                "my number is 212-555-0123|PHONE|212-555-0123",
                "order by phone: 212-555-0123|PHONE|212-555-0123",
                "from 2001:db8::ff00:42:8329.|IP|2001:db8::ff00:42:8329",
                "to ::ffff:10.0.0.1 again|IP|::ffff:10.0.0.1",
                "net fe80::1/64|IP|fe80::1",
                "IBAN DE89 3704 0044 0532 0130 00.|IBAN|DE89 3704 0044 0532 0130 00",
                "IBAN GB82WEST12345698765432,|IBAN|GB82WEST12345698765432",
                "card 4111 1111 1111 1111 exp|CARD|4111 1111 1111 1111",
                "card 378282246310005|CARD|378282246310005",
                "SSN 536-90-4399 of|NATIONAL_ID|536-90-4399",
                "NINO AB 12 34 56 C;|NATIONAL_ID|AB 12 34 56 C",
                "DNI 12345678Z|NATIONAL_ID|12345678Z",
                "NIE X1234567L|NATIONAL_ID|X1234567L",
                "CF RSSMRA85T10A562S.|NATIONAL_ID|RSSMRA85T10A562S",
                "IdNr 86 095 742 719|NATIONAL_ID|86 095 742 719",
                "NIR 2 55 08 14 168 025 38|NATIONAL_ID|2 55 08 14 168 025 38",
                "said Mrs. Dalloway to him|NAME|Dalloway",
                "wrote Dr. J. R. Watson yesterday|NAME|J. R. Watson",
                "met Ada Lovelace there|NAME|Ada Lovelace",
            })
    void findsEachKind(String text, PiiKind kind, String expected) {
        assertThat(finder.find(text)).singleElement().satisfies(match -> {
            assertThat(match.kind()).isEqualTo(kind);
            assertThat(text.substring(match.from(), match.to())).isEqualTo(expected);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on 2019-03-12 at 12:30:45, page 12-34-5678 of version 1.2.3.4.5",
                "IBAN DE89 3704 0044 0532 0130 01",
                "card 4111 1111 1111 1112, number 1234567812345670",
                "SSN 000-12-3456, 666-12-3456, 912-12-3456, 123-00-4567",
                "DNI 12345678A and RSSMRA85T10A562T and 86 095 742 718",
                "NIR 2 55 08 14 168 025 39, NINO BG 12 34 56 C",
                "at @home, a@b, x@y.1, name@.com, user@localhost",
                "std::vector, a::b, 999.1.1.1, 10.0.0, 1,234,567.89",
                "2023 2024 2025 1999 and 3.14159265358979 and 0.5 - 0.25",
                "ISBN 978-3-16-148410-0",
                "Firefox version 1.2.3.4, v. 10.0.0.1, firmware build 2.0.17.3, section 3.2.1.4 of it",
                "order no. 212-555-0123, invoice number: 020 7946 0958, tracking #312 555 0199, Rechnung Nr. 030-123-4567",
                "DOI 10.1000/182, arXiv:2006.01234, RFC 2119, ratio 16:9, score 3:2:1, at 12:30:45.123",
                "MAC 00:1b:44:11:3a:b7, uuid 123e4567-e89b-12d3-a456-426614174000, sha deadbeef",
                "coordinates 52.5200, 13.4050; 1.000.000 people; 12.500,00 EUR; 10-15-20 mg",
                "Adamant words; Mr and Mrs; the doctor"
            })
    void leavesWhatOnlyLooksLikeIt(String text) {
        assertThat(finder.find(text)).isEmpty();
    }

    @Property(tries = 300)
    void matchesAreInOrderAndApart(@ForAll @CharRange(from = ' ', to = '~') String text) {
        int end = 0;
        for (PiiMatch match : finder.find(text)) {
            assertThat(match.from()).isGreaterThanOrEqualTo(end);
            assertThat(match.to()).isGreaterThan(match.from()).isLessThanOrEqualTo(text.length());
            end = match.to();
        }
    }

    @Test
    void hostileTextsEnd() {
        // With backtracking each of these would take years, not milliseconds.
        for (String piece :
                List.of("a@", "1-", "a.", "1 ", "(1", "+1", ":", "A1", "::1", "Dr. A ", "Mr ", "a-a", "é@a.")) {
            String text = piece.repeat(200_000 / piece.length());
            assertThat(finder.find(text)).as(piece).hasSizeLessThan(text.length());
        }
    }

    @Test
    void hashesAreKeyedAndEqualForEqualValues() {
        String text = "jane@example.org, JANE@example.org and joe@example.org";
        PiiRedactor one = redactor("a key of some length");
        String hashed = one.redact(text, one.find(text));
        String[] parts = hashed.split("(, | and )");
        assertThat(Arrays.asList(parts)).allMatch(p -> p.matches("\\[EMAIL:[0-9a-f]{16}]"));
        assertThat(parts[0]).isEqualTo(parts[1]).isNotEqualTo(parts[2]);
        PiiRedactor other = redactor("another key of some length");
        assertThat(other.redact(text, other.find(text))).doesNotContain(parts[0]);
    }

    private static PiiRedactor redactor(String key) {
        return PiiRedactor.of(
                new PiiSpec("hash", PiiSpec.DEFAULTS.kinds(), List.of(), "ATHANOR_SECRET_PII"), variable -> key);
    }
}
