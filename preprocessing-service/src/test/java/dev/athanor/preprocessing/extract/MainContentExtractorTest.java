package dev.athanor.preprocessing.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MainContentExtractorTest {

    private static final String PARAGRAPHS = IntStream.range(0, 5)
            .mapToObj(i -> "<p>Paragraph " + i
                    + " tells, in enough words to count as running text, what happened on that day.</p>")
            .collect(Collectors.joining());

    private final MainContentExtractor extractor = new MainContentExtractor();

    @Test
    void keepsParagraphsListsAndTablesAndDropsTheRest() {
        Page page = extract("""
                <html lang="de"><head><title>Der Titel - Zeitung</title><script>var x = "<p>no</p>";</script></head><body>
                <div id="cookie-consent"><p>We use cookies to make this site better for all of you, dear readers.</p></div>
                <nav><ul><li><a href="/">Home</a></li><li><a href="/a">About</a></li></ul></nav>
                <article><h1>Der Titel</h1><div class="byline">By Somebody</div>%s
                <h2>A list</h2><ul><li>first of it</li><li>second <b>of</b> it</li></ul>
                <table><tr><th>Year</th><th>Rain</th></tr><tr><td>1999</td><td>12 mm</td></tr></table>
                <pre>two
                  lines</pre>
                <h2>Related</h2><div class="related"><a href="/x">Another story</a></div></article>
                <section class="comments"><p>First! What a wonderful article, I have read it three times today.</p></section>
                <footer>Imprint</footer></body></html>""".formatted(PARAGRAPHS));
        assertThat(page.title()).isEqualTo("Der Titel");
        assertThat(page.language()).isEqualTo("de");
        assertThat(page.text())
                .startsWith("Der Titel\nParagraph 0")
                .contains("A list\n- first of it\n- second of it\nYear | Rain\n1999 | 12 mm\ntwo\n  lines")
                .doesNotContain(
                        "cookies", "Home", "Somebody", "First!", "Imprint", "Related", "Another story", "var x");
    }

    @Test
    void aBadlyNamedWrapperDoesNotCostThePage() {
        assertThat(extract("<body><div class='sidebar-left'><div>" + PARAGRAPHS + "</div></div></body>")
                        .text())
                .contains("Paragraph 0", "Paragraph 4");
        assertThat(extract("<body><form>" + PARAGRAPHS + "</form></body>").text())
                .contains("Paragraph 0");
    }

    @Test
    void theLeadAboveTheBodyBelongsToIt() {
        assertThat(extract("<article><header><h1>Head</h1><p class='lead'>Short lead.</p></header><div class='body'>"
                                + PARAGRAPHS + "</div></article>")
                        .text())
                .startsWith("Head\nShort lead.\nParagraph 0");
    }

    @Test
    void pointersAndNotesInTheMiddleGo() {
        assertThat(extract("<article>" + PARAGRAPHS
                                + "<p>Lesen Sie auch: <a href='/x'>Der Sturm</a> von gestern</p><p>Foto: Somebody</p><p>Verwandte Artikel</p>"
                                + "<ul><li>The one about the other boat</li></ul><p>Photography is what she does for a living, she says.</p>"
                                + "</article>")
                        .text())
                .contains("Paragraph 4", "Photography is")
                .doesNotContain("Lesen Sie", "Somebody", "Verwandte", "other boat");
    }

    @Test
    void longCommentsAreNotThePage() {
        String comments =
                "<p>I have read all of it, and there are many things in it that I do not agree with.</p>".repeat(30);
        assertThat(extract("<div class='commentary'>" + PARAGRAPHS + PARAGRAPHS + "</div><div id='comment-list'>"
                                + comments + "</div>")
                        .text())
                .contains("Paragraph 0")
                .doesNotContain("do not agree");
    }

    @Test
    void aPageInsideNoscriptIsRead() {
        assertThat(extract("<body><noscript>" + PARAGRAPHS + "</noscript></body>")
                        .text())
                .contains("Paragraph 0");
    }

    @Test
    void brokenEmptyAndDeepMarkupIsNoTrouble() {
        assertThat(extract("").text()).isEmpty();
        assertThat(extract("<p>unclosed <b>bold <td>cell").text()).contains("unclosed", "cell");
        assertThat(extract("<div>".repeat(20_000) + "deep").text()).isNotNull();
        assertThat(extract("\u0000<!--<p>x</p>--><html").text()).isNotNull();
    }

    private Page extract(String html) {
        return extractor.extract(html, "");
    }
}
