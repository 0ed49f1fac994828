package dev.athanor.contracts.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where documents come from. Adding a source: one record here, one connector in ingestion-service. Secrets (tokens, API
 * keys) are never part of a specification: the service has them in its configuration.
 *
 * <p>Fields that bound a source ({@code maxPages}, {@code maxItems}) are required, so that nobody starts an endless job by
 * leaving one out; dates are ISO 8601 days.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SourceSpec.Folder.class, name = "folder"),
    @JsonSubTypes.Type(value = SourceSpec.Http.class, name = "http"),
    @JsonSubTypes.Type(value = SourceSpec.Upload.class, name = "upload"),
    @JsonSubTypes.Type(value = SourceSpec.S3.class, name = "s3"),
    @JsonSubTypes.Type(value = SourceSpec.Feed.class, name = "feed"),
    @JsonSubTypes.Type(value = SourceSpec.Crawl.class, name = "crawl"),
    @JsonSubTypes.Type(value = SourceSpec.CommonCrawl.class, name = "common-crawl"),
    @JsonSubTypes.Type(value = SourceSpec.Gutenberg.class, name = "gutenberg"),
    @JsonSubTypes.Type(value = SourceSpec.HuggingFace.class, name = "hugging-face"),
    @JsonSubTypes.Type(value = SourceSpec.Kaggle.class, name = "kaggle"),
    @JsonSubTypes.Type(value = SourceSpec.Arxiv.class, name = "arxiv"),
    @JsonSubTypes.Type(value = SourceSpec.PubMed.class, name = "pubmed"),
    @JsonSubTypes.Type(value = SourceSpec.News.class, name = "news"),
    @JsonSubTypes.Type(value = SourceSpec.GoogleBooks.class, name = "google-books"),
    @JsonSubTypes.Type(value = SourceSpec.GovInfo.class, name = "govinfo")
})
public sealed interface SourceSpec {

    Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    /** Shown as the document's source and used in its id. */
    String name();

    /** Declared licence of everything in the source (SPDX id where there is one), or null. */
    @Nullable
    String licence();

    /** Column or field that holds the text, for tables (CSV, TSV, JSON, Parquet); null = look for the usual names. */
    default @Nullable String textColumn() {
        return null;
    }

    private static void checkUrls(String field, List<String> urls) {
        Checks.notEmpty(field, urls);
        for (int i = 0; i < urls.size(); i++) {
            String url = urls.get(i);
            Checks.that(
                    url.startsWith("http://") || url.startsWith("https://"),
                    field + "[" + i + "]",
                    url,
                    "an http:// or https:// URL");
        }
    }

    private static void checkDay(String field, @Nullable String day) {
        if (day != null) {
            Checks.matches(field, day, DAY, "a day such as 2026-01-31");
        }
    }

    /**
     * A file, or a folder read recursively; hidden files are left out.
     *
     * @param path absolute, or relative to an allowed root or the service's working folder; must lie in an allowed root
     */
    record Folder(
            String name,
            String path,
            @Nullable String textColumn,
            @Nullable String licence) implements SourceSpec {
        public Folder {
            Checks.notBlank("name", name);
            Checks.notBlank("path", path);
        }
    }

    /** HTTP or HTTPS URLs; private addresses are refused unless the service allows them. */
    record Http(
            String name,
            List<String> urls,
            @Nullable String textColumn,
            @Nullable String licence) implements SourceSpec {
        public Http {
            Checks.notBlank("name", name);
            checkUrls("urls", urls);
            urls = List.copyOf(urls);
        }
    }

    /** Files that were uploaded before: their names, and where the artifact store has their bytes. */
    record Upload(
            String name,
            List<UploadedFile> files,
            @Nullable String textColumn,
            @Nullable String licence) implements SourceSpec {

        public Upload {
            Checks.notBlank("name", name);
            Checks.notEmpty("files", files);
            files = List.copyOf(files);
        }
    }

    /** Objects of an S3 bucket under a prefix, at the endpoint and with the keys of the service's configuration. */
    record S3(
            String name,
            String bucket,
            String prefix,
            @Nullable String textColumn,
            @Nullable String licence) implements SourceSpec {
        private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

        public S3 {
            Checks.notBlank("name", name);
            Checks.matches("bucket", bucket, BUCKET, "a bucket name");
            Checks.present("prefix", prefix);
        }
    }

    /**
     * RSS and Atom feeds.
     *
     * @param fetchPages read the pages that entries link to, instead of what the feed has of them
     */
    record Feed(
            String name,
            List<String> urls,
            boolean fetchPages,
            @Nullable String licence) implements SourceSpec {
        public Feed {
            Checks.notBlank("name", name);
            checkUrls("urls", urls);
            urls = List.copyOf(urls);
        }
    }

    /**
     * Crawls from seed pages, as robots.txt allows.
     *
     * @param maxDepth links followed from a seed; 0 = the seeds alone
     * @param maxPages in all
     * @param sitemaps also read the sitemaps that robots.txt names
     * @param stayOnHost follow links within the hosts of the seeds only
     */
    record Crawl(
            String name,
            List<String> seeds,
            int maxDepth,
            long maxPages,
            boolean sitemaps,
            boolean stayOnHost,
            @Nullable String licence)
            implements SourceSpec {
        public Crawl {
            Checks.notBlank("name", name);
            checkUrls("seeds", seeds);
            seeds = List.copyOf(seeds);
            Checks.range("maxDepth", maxDepth, 0, 100);
            Checks.range("maxPages", maxPages, 1, 100_000_000);
        }
    }

    /**
     * Pages of a Common Crawl.
     *
     * @param crawl e.g. {@code CC-MAIN-2026-05}
     * @param urls index queries such as {@code example.org/*}: only those records are fetched, by byte range; empty = whole
     *     files
     * @param kind whole files: {@code wet} (texts) or {@code warc} (pages)
     * @param maxItems records, or files
     */
    record CommonCrawl(
            String name,
            String crawl,
            List<String> urls,
            String kind,
            long maxItems,
            @Nullable String licence) implements SourceSpec {
        private static final Pattern CRAWL = Pattern.compile("[A-Z0-9-]{4,40}");

        public CommonCrawl {
            Checks.notBlank("name", name);
            Checks.matches("crawl", crawl, CRAWL, "a crawl's name such as CC-MAIN-2026-05");
            Checks.present("urls", urls);
            urls = List.copyOf(urls);
            Checks.oneOf("kind", kind, List.of("wet", "warc"));
            Checks.range("maxItems", maxItems, 1, 1_000_000_000L);
        }
    }

    /**
     * Books of Project Gutenberg, without its header and licence text.
     *
     * @param ids numbers of books; empty = by the catalogue
     * @param languages of books taken from the catalogue, e.g. {@code en}; empty = all
     */
    record Gutenberg(
            String name,
            List<Integer> ids,
            List<String> languages,
            long maxItems,
            @Nullable String licence) implements SourceSpec {
        public Gutenberg {
            Checks.notBlank("name", name);
            Checks.present("ids", ids);
            Checks.present("languages", languages);
            ids = List.copyOf(ids);
            languages = List.copyOf(languages);
            Checks.range("maxItems", maxItems, 1, 10_000_000);
        }
    }

    /**
     * Files of a Hugging Face data set.
     *
     * @param dataset {@code owner/name}
     * @param revision branch, tag or commit; it is resolved to a commit once
     * @param files glob patterns of paths, e.g. {@code data/train-*.parquet}; empty = all files of a known format
     */
    record HuggingFace(
            String name,
            String dataset,
            String revision,
            List<String> files,
            @Nullable String textColumn,
            @Nullable String licence)
            implements SourceSpec {
        private static final Pattern DATASET = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)?");
        private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9._/-]+");

        public HuggingFace {
            Checks.notBlank("name", name);
            Checks.matches("dataset", dataset, DATASET, "owner/name");
            Checks.matches("revision", revision, REVISION, "a branch, tag or commit");
            Checks.present("files", files);
            files = List.copyOf(files);
        }
    }

    /**
     * A Kaggle data set.
     *
     * @param dataset {@code owner/slug}
     * @param version of the data set, from 1
     */
    record Kaggle(
            String name,
            String dataset,
            int version,
            @Nullable String textColumn,
            @Nullable String licence) implements SourceSpec {
        private static final Pattern DATASET = Pattern.compile("[A-Za-z0-9_-]+/[A-Za-z0-9_-]+");

        public Kaggle {
            Checks.notBlank("name", name);
            Checks.matches("dataset", dataset, DATASET, "owner/slug");
            Checks.range("version", version, 1, 1_000_000);
        }
    }

    /**
     * arXiv papers by OAI-PMH.
     *
     * @param set e.g. {@code cs} or {@code math}
     * @param from first day of change, or null; with {@code until} this makes a corpus incremental
     * @param content {@code abstract}, {@code source} (LaTeX) or {@code pdf}
     */
    record Arxiv(
            String name,
            String set,
            @Nullable String from,
            @Nullable String until,
            String content,
            long maxItems,
            @Nullable String licence)
            implements SourceSpec {
        private static final Pattern SET = Pattern.compile("[A-Za-z0-9:.-]+");

        public Arxiv {
            Checks.notBlank("name", name);
            Checks.matches("set", set, SET, "an OAI-PMH set such as cs");
            checkDay("from", from);
            checkDay("until", until);
            Checks.oneOf("content", content, List.of("abstract", "source", "pdf"));
            Checks.range("maxItems", maxItems, 1, 100_000_000);
        }
    }

    /**
     * PubMed citations, or full articles of PubMed Central, by E-utilities.
     *
     * @param database {@code pubmed} or {@code pmc}
     * @param query in the syntax of the site's search
     * @param from first day of change, or null
     */
    record PubMed(
            String name,
            String database,
            String query,
            @Nullable String from,
            @Nullable String until,
            long maxItems,
            @Nullable String licence)
            implements SourceSpec {
        public PubMed {
            Checks.notBlank("name", name);
            Checks.oneOf("database", database, List.of("pubmed", "pmc"));
            Checks.notBlank("query", query);
            checkDay("from", from);
            checkDay("until", until);
            Checks.range("maxItems", maxItems, 1, 10_000_000);
        }
    }

    /**
     * News articles found by a search, each page read as robots.txt allows.
     *
     * @param provider {@code gdelt} or {@code newsapi}
     */
    record News(
            String name,
            String provider,
            String query,
            @Nullable String from,
            @Nullable String until,
            long maxItems,
            @Nullable String licence)
            implements SourceSpec {
        public News {
            Checks.notBlank("name", name);
            Checks.oneOf("provider", provider, List.of("gdelt", "newsapi"));
            Checks.notBlank("query", query);
            checkDay("from", from);
            checkDay("until", until);
            Checks.range("maxItems", maxItems, 1, 1_000_000);
        }
    }

    /** Volumes of Google Books that are in the public domain and can be downloaded as EPUB. */
    record GoogleBooks(
            String name,
            String query,
            long maxItems,
            @Nullable String licence) implements SourceSpec {
        public GoogleBooks {
            Checks.notBlank("name", name);
            Checks.notBlank("query", query);
            Checks.range("maxItems", maxItems, 1, 1_000_000);
        }
    }

    /**
     * Publications of the United States government (govinfo.gov).
     *
     * @param collection e.g. {@code BILLS}, {@code CREC}, {@code USCOURTS}
     * @param from first day of change
     */
    record GovInfo(
            String name,
            String collection,
            String from,
            long maxItems,
            @Nullable String licence) implements SourceSpec {
        private static final Pattern COLLECTION = Pattern.compile("[A-Z]{2,20}");

        public GovInfo {
            Checks.notBlank("name", name);
            Checks.matches("collection", collection, COLLECTION, "a collection code such as BILLS");
            Checks.matches("from", from, DAY, "a day such as 2026-01-31");
            Checks.range("maxItems", maxItems, 1, 10_000_000);
        }
    }
}
