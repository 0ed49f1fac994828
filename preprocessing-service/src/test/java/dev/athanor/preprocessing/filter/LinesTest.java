package dev.athanor.preprocessing.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The filters' ranges against strings. One analysis for all texts, because it is reused in the same way. */
class LinesTest {

    private final Analysis analysis = new Analysis();
    private final Filter c4 = new C4QualityFilter(new C4QualityFilter.Limits(0, 3, 1000));

    @Property(tries = 2000)
    void linesAreThoseOfTheString(@ForAll("texts") String text) {
        analysis.of(text);
        List<String> lines = List.of(text.split("\n", -1));
        assertThat(strings(analysis.lines(), text)).isEqualTo(lines);
        assertThat(strings(analysis.pythonLines(), text)).isEqualTo(PlainLines.splitAsPythonDoes(text));
        assertThat(repeated(analysis.lines())).isEqualTo(PlainLines.repeated(lines));
        assertThat(IntStream.range(0, lines.size()).map(analysis.lines()::length))
                .containsExactlyElementsOf(
                        lines.stream().map(l -> l.codePointCount(0, l.length())).toList());
    }

    @Property(tries = 2000)
    void paragraphsAreThoseOfTheString(@ForAll("texts") String text) {
        analysis.of(text);
        var paragraphs = new Lines();
        paragraphs.reset(analysis.chars(), analysis.scan().hasSurrogatePairs());
        int start = PythonText.stripStart(analysis.chars(), 0, text.length());
        paragraphs.splitParagraphs(analysis.scan(), start, PythonText.stripEnd(analysis.chars(), start, text.length()));
        assertThat(strings(paragraphs, text)).isEqualTo(PlainLines.paragraphs(text));
    }

    @Property(tries = 2000)
    void c4KeepsTheSameLines(@ForAll("texts") String text) {
        String expected = PlainLines.keptByC4(text);
        switch (c4.test(analysis.of(text))) {
            case Verdict.Keep keep -> assertThat(text).isEqualTo(expected);
            case Verdict.Rewrite(String rewritten) -> assertThat(rewritten).isEqualTo(expected);
            case Verdict.Drop drop -> assertThat(expected).isNull();
        }
    }

    private static List<String> strings(Lines lines, String text) {
        return IntStream.range(0, lines.size())
                .mapToObj(line -> text.substring(lines.start(line), lines.end(line)))
                .toList();
    }

    private static List<Boolean> repeated(Lines lines) {
        var repeated = new ArrayList<Boolean>();
        for (int line = 0; line < lines.size(); line++) {
            repeated.add(lines.isRepeated(line));
        }
        return repeated;
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "\n",
                        "\n",
                        "\n\n",
                        "\r\n",
                        "\u2028",
                        "\u000b",
                        " ",
                        "\u00a0",
                        "One line of it.",
                        "A second line!",
                        "no end here",
                        "He said [12]so[citation needed].",
                        "You must use coo[1]kies here.",
                        "This site uses Cookies.",
                        "Turn \u212Aoo\u212Aies on, or read the Terms of Use.",
                        "Enable JavaScript now, please.",
                        "Lorem Ipsum dolor sit.",
                        "{",
                        "[",
                        "wait for it...",
                        "😀😀",
                        "\ud83d",
                        "x".repeat(1001),
                        "\u0130",
                        "...",
                        "'")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }
}
