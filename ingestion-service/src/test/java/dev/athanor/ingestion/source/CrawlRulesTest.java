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
        assertThat(RobotsTxt.parse(ROBOTS, "athanor").allows(path)).isEqualTo(allowed);
    }

    @Test
    void ownRulesReplaceTheGeneralOnes() {
        RobotsTxt robots =
                RobotsTxt.parse("User-agent: x\nUser-agent: Athanor\nDisallow: /only\n\n" + ROBOTS, "athanor");
        assertThat(robots.allows("/a")).isTrue();
        assertThat(robots.allows("/only")).isFalse();
        assertThat(robots.crawlDelay()).isEqualTo(Duration.ZERO);
        assertThat(robots.sitemaps()).containsExactly("https://e.org/s.xml");
        assertThat(RobotsTxt.parse(ROBOTS, "athanor").crawlDelay()).isEqualTo(Duration.ofMillis(1500));
        assertThat(RobotsTxt.CLOSED.allows("/any")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP://E.org:80/a/../b#f, http://e.org/b",
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
