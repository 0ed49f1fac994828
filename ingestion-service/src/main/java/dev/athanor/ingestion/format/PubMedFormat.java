package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Content;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Extracted;
import dev.athanor.ingestion.content.NcbiPages;
import dev.athanor.ingestion.content.Output;
import java.io.IOException;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.parser.StreamParser;

/** PubMed citations (baseline and update files, E-utilities): title and abstract of each. */
final class PubMedFormat implements Format {

    private static final Set<String> ROOTS = Set.of("PubmedArticleSet", "PubmedArticle", "MedlineCitationSet");

    @Override
    public String name() {
        return "pubmed";
    }

    @Override
    public boolean magic(byte[] head) {
        return ROOTS.contains(Xml.root(head));
    }

    @Override
    public void read(Content content, Output output) throws IOException {
        try (StreamParser stream = Xml.stream(content)) {
            for (Element citation = stream.selectNext("MedlineCitation");
                    citation != null;
                    citation = stream.selectNext("MedlineCitation")) {
                content.budget().checkTime();
                String pmid = Xml.text(citation, "PMID");
                String uri = NcbiPages.of(NcbiPages.PUBMED, content.uri(), pmid, "#pmid=" + pmid);
                var text = new StringBuilder(Xml.text(citation, "ArticleTitle"));
                for (Element part : citation.select("Abstract > AbstractText")) {
                    String label = part.attr("Label").strip();
                    text.append("\n\n")
                            .append(label.isEmpty() ? "" : label + ": ")
                            .append(part.text().strip());
                }
                if (text.toString().isBlank()) {
                    output.deadLetter(uri, DeadLetterReason.NO_TEXT, "a citation without title and abstract");
                } else {
                    output.document(new Extracted(
                            uri,
                            text.toString().strip(),
                            "text/plain",
                            null,
                            Xml.text(citation, "Language").equals("eng") ? "en" : null,
                            new Metadata()
                                    .put("pmid", pmid)
                                    .put("title", Xml.text(citation, "ArticleTitle"))
                                    .put("journal", Xml.text(citation, "Title"))
                                    .put("year", Xml.text(citation, "Year"))
                                    .values()));
                }
                citation.remove();
            }
        }
    }
}
