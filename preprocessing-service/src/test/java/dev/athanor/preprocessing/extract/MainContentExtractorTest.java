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
    void whatIsHiddenGoes() {
        assertThat(extract("<article>" + PARAGRAPHS
                                + "<p style='display: none'>Not to be seen.</p><p hidden>Nor this.</p>" + "</article>")
                        .text())
                .contains("Paragraph 4")
                .doesNotContain("Not to be seen", "Nor this");
    }

    @Test
    void anIdThatIsTheHeadingsWordsSaysWhatAPartIsAbout() {
        String section =
                "<div id='%s'><h2><a href='#x'>Sharing with one developer</a></h2><p>Text about sharing it.</p></div>";
        assertThat(extract("<article>" + PARAGRAPHS + section.formatted("sharing-with-one-developer") + "</article>")
                        .text())
                .contains("Sharing with one developer\nText about sharing it.");
        assertThat(extract("<article>" + PARAGRAPHS + section.formatted("sharing-tools") + "</article>")
                        .text())
                .doesNotContain("Text about sharing it");
    }

    @Test
    void topicsAboveTheHeadlineAndShortLinesBelowTheTextGo() {
        assertThat(extract("<article><div>Sports</div><h1>Head</h1>" + PARAGRAPHS
                                + "<div>Somebody Else</div><div>Contact</div></article>")
                        .text())
                .startsWith("Head\nParagraph 0")
                .endsWith("that day.");
        assertThat(extract("<article><h1>Head</h1>" + PARAGRAPHS + "<p>Yours, Somebody</p></article>")
                        .text())
                .endsWith("Yours, Somebody");
    }

    @Test
    void theHeadlineOutsideTheArticleBringsTheLead() {
        assertThat(extract("<div><div><h1>Head</h1><p>The lead.</p></div><div><div>" + PARAGRAPHS
                                + "</div></div></div>")
                        .text())
                .startsWith("Head\nThe lead.\nParagraph 0");
    }

    @Test
    void cardsSideBySideArePointersUnlessTheyAreThePage() {
        String cards = IntStream.range(0, 4)
                .mapToObj(i -> "<div><h3><a href='/" + i + "'>Story " + i
                        + "</a></h3><p>What the other story is about, in a sentence of its own.</p></div>")
                .collect(Collectors.joining());
        assertThat(extract("<main>" + PARAGRAPHS + "<div>" + cards + "</div></main>")
                        .text())
                .contains("Paragraph 4")
                .doesNotContain("other story");
        assertThat(extract("<main><div>" + cards + "</div></main>").text()).contains("Story 0\nWhat the other story");
    }

    @Test
    void captionsGoUnlessTheyAreThePage() {
        assertThat(extract("<article>" + PARAGRAPHS
                                + "<div><img src='x'><span>Somebody / Agency</span></div><figure><img src='y'>"
                                + "<figcaption>What it shows</figcaption></figure></article>")
                        .text())
                .contains("Paragraph 4")
                .doesNotContain("Agency", "What it shows");
        assertThat(extract("<article>"
                                + ("<figure><img src='y'><figcaption class='caption'>" + PARAGRAPHS
                                                + "</figcaption></figure>")
                                        .repeat(4)
                                + "</article>")
                        .text())
                .contains("Paragraph 0");
    }

    @Test
    void chineseNeedsFewerCharacters() {
        String paragraph = "<p>这款产品具有极其重要的意义，因为这意味着未来的人工智能技术可能不需要人类。</p>";
        assertThat(extract("<body><div class='box'>"
                                + "<p>Copyright of this and that, with all the usual rights reserved here.</p></div>"
                                + "<div>" + paragraph.repeat(3) + "</div></body>")
                        .text())
                .contains("人工智能");
    }

    @Test
    void thePagesOwnDataStandInForMissingText() {
        String html =
                "<html><head><script type='application/ld+json'>{\"@graph\": [{\"@type\": \"Article\", \"articleBody\": "
                        + "\"First paragraph.\\r\\n\\r\\nSecond one.\"}]}</script></head><body>%s</body></html>";
        assertThat(extract(html.formatted("<div id='app'></div>")).text()).isEqualTo("First paragraph.\nSecond one.");
        assertThat(extract(html.formatted(PARAGRAPHS)).text()).startsWith("Paragraph 0");
        assertThat(extract("<script type='application/ld+json'>{\"articleBody\": </script>")
                        .text())
                .isEmpty();
    }

    @Test
    void formsOfPage() {
        assertThat(extract(
                                "<table><tr><td><a href=a>Home</a><br><a href=b>Products</a><br><a href=c>Contact</a></td><td>"
                                        + "<font size=5>My page</font><br><br>" + PARAGRAPHS + "</td></tr></table>")
                        .text())
                .startsWith("My page\nParagraph 0");
        assertThat(extract(
                                "<main><h1>Install</h1>" + PARAGRAPHS
                                        + "<table><tr><td class='gutter'><pre>1\n2</pre></td><td><pre>def f():\n  return 1</pre></td></tr></table></main>")
                        .text())
                .endsWith("that day.\ndef f():\n  return 1");
        assertThat(extract("<my-app><my-story><my-par>" + PARAGRAPHS.replace("p>", "my-par>")
                                + "</my-par></my-story></my-app>")
                        .text())
                .contains("Paragraph 4");
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
