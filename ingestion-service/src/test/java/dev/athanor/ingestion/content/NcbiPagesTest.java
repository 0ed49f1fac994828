package dev.athanor.ingestion.content;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NcbiPagesTest {

    @ParameterizedTest
    @CsvSource({
        "https://pmc.ncbi.nlm.nih.gov/articles/, PMC123, https://pmc.ncbi.nlm.nih.gov/articles/PMC123/",
        "https://pmc.ncbi.nlm.nih.gov/articles/, 123, https://pmc.ncbi.nlm.nih.gov/articles/PMC123/",
        "https://pmc.ncbi.nlm.nih.gov/articles/, ../x, https://pmc.ncbi.nlm.nih.gov/articles/#article=2",
        "https://pmc.ncbi.nlm.nih.gov/articles/, , https://pmc.ncbi.nlm.nih.gov/articles/#article=2",
        "https://journal.example/articles/, PMC123, https://journal.example/articles/#article=2",
        "a.nxml, PMC123, a.nxml#article=2"
    })
    void onlyTheSiteHasAPageForEach(String file, String id, String uri) {
        assertThat(NcbiPages.of(NcbiPages.PMC, file, id, "#article=2")).isEqualTo(uri);
    }
}
