package dev.athanor.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrawlRulesTest {

    private static final String ROBOTS = """
            User-agent: other
            Disallow: /

            User-agent: *
            Disallow: /a
            Allow: /a/b
            Disallow: /*.gif$
            Disallow: /q?*x=
            Crawl-delay: 1.5
            Disallow: /eq
            Allow: /eq
            Sitemap: https://e.org/s.xml
            """;

    @ParameterizedTest
    @CsvSource({
        "/, true",
        "/a, false",
        "/abc, false",
        "/a/b/c, true",
        "/x.gif, false",
        "/x.gif?y, true",
        "/q?y=1&x=2, false",
        "/eq, true",
        "/A, true"
    })
    void theLongestRuleDecides(String path, boolean allowed) {
        assertThat(RobotsTxt.parse(ROBOTS, "athanor").access().allows(path)).isEqualTo(allowed);
    }

    @Test
    void ownRulesReplaceTheGeneralOnes() {
        RobotsTxt robots =
                RobotsTxt.parse("User-agent: x\nUser-agent: Athanor\nDisallow: /only\n\n" + ROBOTS, "athanor");
        assertThat(robots.access().allows("/a")).isTrue();
        assertThat(robots.access().allows("/only")).isFalse();
        assertThat(robots.crawlDelay()).isEqualTo(Duration.ZERO);
        assertThat(robots.sitemaps()).containsExactly("https://e.org/s.xml");
        assertThat(RobotsTxt.parse(ROBOTS, "athanor").crawlDelay()).isEqualTo(Duration.ofMillis(1500));
        assertThat(RobotsTxt.CLOSED.access().allows("/any")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/caf%C3%A9/x, false",
        "/café/x, false",
        "/caf%c3%a9/x, false",
        "/%7Euser/x, false",
        "/~user/x, false",
        "/a%2Fb, false",
        "/a/b, true",
        "/star%2A, false",
        "/starry, true",
        "/robots.txt, true"
    })
    void escapesAreComparedInOneForm(String path, boolean allowed) {
        String robots = "User-agent: *\nDisallow: /café/\nDisallow: /~user/\nDisallow: /a%2fb\nDisallow: /star%2A\n";
        assertThat(RobotsTxt.parse(robots, "athanor").access().allows(path)).isEqualTo(allowed);
    }

    @Test
    void anAgentIsNamedByItsFirstWordAndOtherLinesDoNotEndAList() {
        String robots =
                "\ufeffUSER-AGENT: Athanor/0.1 (+https://x)\r\nCrawl-delay: 2\r\nUser-agent: second # and this one\r\n\r\n"
                        + "Sitemap: https://e.org/s.xml\r\nDisallow : /both\rUser-agent: athanorian\nDisallow: /\nnonsense\nDisallow /x\n";
        RobotsTxt ours = RobotsTxt.parse(robots, "athanor");
        assertThat(ours.access().allows("/both")).isFalse();
        assertThat(ours.access().allows("/x")).isTrue();
        assertThat(ours.crawlDelay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(RobotsTxt.parse(robots, "second").access().allows("/both")).isFalse();
        assertThat(RobotsTxt.parse(robots, "third").access().allows("/both")).isTrue();
        // Groups of the same agent are one.
        String two =
                "User-agent: athanor\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: athanor\nDisallow: /b\n";
        assertThat(RobotsTxt.parse(two, "athanor").access().allows("/a")).isFalse();
        assertThat(RobotsTxt.parse(two, "athanor").access().allows("/b")).isFalse();
        assertThat(RobotsTxt.parse(two, "athanor").access().allows("/c")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Signal: search=yes,ai-train=no|/x|false",
                "Content-signal: ai-input=no|/x|true",
                "Content-Signal: ai-train=yes|/x|true",
                "Content-Usage: train-ai=n|/x|false",
                "Content-Usage: /art/ train-ai=n|/x|true",
                "Content-Usage: /art/ train-ai=n|/art/1|false"
            })
    void whatASiteSaysOfTraining(String line, String path, boolean allowed) {
        assertThat(RobotsTxt.parse("User-agent: *\nAllow: /\n" + line + "\n", "athanor")
                        .training()
                        .allows(path))
                .isEqualTo(allowed);
        assertThat(RobotsTxt.parse("User-agent: other\n" + line + "\n", "athanor")
                        .training()
                        .allows(path))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ai-train=yes, ai-train=no", "ai-train=no, ai-train=yes"})
    void ofTwoRulesOfOneLengthTheOpenOneDecidesWhatIsFetchedAndTheStricterWhatIsLearnedFrom(String one, String other) {
        String text = "User-agent: *\nAllow: /a\nDisallow: /a\nDisallow: /b\nAllow: /b\nContent-Signal: " + one
                + "\nContent-Signal: " + other + "\n";
        RobotsTxt robots = RobotsTxt.parse(text, "athanor");
        assertThat(robots.access().allows("/a")).isTrue();
        assertThat(robots.access().allows("/b")).isTrue();
        assertThat(robots.training().allows("/a")).isFalse();
        // ai.txt is written like robots.txt, and reserves.
        assertThat(robots.access().asReservations().allows("/a")).isFalse();
        assertThat(robots.access().asReservations().allows("/b")).isFalse();
    }

    @Test
    void patternsMadeToTakeLongDoNot() {
        String robots = "User-agent: *\nDisallow: /" + "*a".repeat(2000) + "$\n";
        assertThat(RobotsTxt.parse(robots, "athanor").access().allows("/" + "a".repeat(1999) + "b"))
                .isTrue();
        assertThat(RobotsTxt.parse("Disallow: /x\n".repeat(100_000), "athanor")
                        .access()
                        .allows("/x"))
                .isTrue();
        String often = "User-agent: *\n".repeat(20_000) + "Disallow: /x\n".repeat(20_000);
        PathRules rules = RobotsTxt.parse(often, "athanor").access();
        assertThat(rules.rules()).hasSize(20_000);
    }

    @ParameterizedTest
    @CsvSource({
        "https://e.org/a|b[1].html, https://e.org/a%7Cb%5B1%5D.html",
        "https://bücher.example/ä, https://xn--bcher-kva.example/%C3%A4",
        "https://e.org/%7euser/%c3%a4?q=%41, https://e.org/~user/%C3%A4?q=A",
        "https://e.org/100%, https://e.org/100%25",
        "https://e.org/x\\y, https://e.org/x%5Cy",
        "https://e.org/a b#c#d, https://e.org/a%20b",
        "https://e.org\\@evil.test/, ",
        "HTTP://E.org:80/a/../b#f, http://e.org/b",
        "https://e.org/a/%2e%2e/b, https://e.org/b",
        "https://e.org, https://e.org/",
        "https://e.org:8443/x?b=2&a=1&utm_source=z, https://e.org:8443/x?a=1&b=2",
        "https://e.org/../../x, https://e.org/x",
        "mailto:a@b.c, ",
        "javascript:void(0), "
    })
    void oneFormForOnePage(String url, String canonical) {
        assertThat(CanonicalUrl.of(url)).isEqualTo(canonical);
    }
}
