package dev.athanor.ingestion.source;

/** Addresses of the sites that connectors ask; tests and mirrors put others in their place. No slash at the end. */
public record Endpoints(
        String commonCrawlIndex,
        String commonCrawlData,
        String gutenberg,
        String huggingFace,
        String kaggle,
        String arxivOai,
        String arxivFiles,
        String eutils,
        String gdelt,
        String newsApi,
        String googleBooks,
        String govInfo) {

    public static final Endpoints DEFAULTS = new Endpoints(
            "https://index.commoncrawl.org",
            "https://data.commoncrawl.org",
            "https://www.gutenberg.org",
            "https://huggingface.co",
            "https://www.kaggle.com/api/v1",
            "https://oaipmh.arxiv.org/oai",
            "https://export.arxiv.org",
            "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
            "https://api.gdeltproject.org/api/v2",
            "https://newsapi.org/v2",
            "https://www.googleapis.com/books/v1",
            "https://api.govinfo.gov");

    /** All sites at one address, as a test has them. */
    public static Endpoints all(String base) {
        return new Endpoints(
                base + "/cc-index",
                base + "/cc-data",
                base + "/gutenberg",
                base + "/hf",
                base + "/kaggle",
                base + "/oai",
                base + "/arxiv",
                base + "/eutils",
                base + "/gdelt",
                base + "/newsapi",
                base + "/books",
                base + "/govinfo");
    }
}
