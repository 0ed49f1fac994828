package dev.athanor.ingestion.content;

import org.jspecify.annotations.Nullable;

/** Addresses in NCBI's archives, where each record that is in a file of many has a page of its own. */
public final class NcbiPages {

    public static final String PUBMED = "https://pubmed.ncbi.nlm.nih.gov/";
    public static final String PMC = "https://pmc.ncbi.nlm.nih.gov/articles/";

    private NcbiPages() {}

    /**
     * @param site {@link #PUBMED} or {@link #PMC}
     * @param file where the records were read from: the site, if it was this site
     * @param id of the record as its file has it, {@code 37248244} or {@code PMC10000000}
     * @param part what tells the record from others in a file of another place, e.g. {@code #article=2}; may be empty
     * @return the record's page, or a part of the file; never another place, whatever the id says
     */
    public static String of(String site, String file, @Nullable String id, String part) {
        String number = id == null ? "" : id.strip().replaceFirst("^PMC", "");
        boolean isNumber =
                !number.isEmpty() && number.length() <= 18 && number.chars().allMatch(c -> c >= '0' && c <= '9');
        return file.equals(site) && isNumber ? site + (site.equals(PMC) ? "PMC" : "") + number + "/" : file + part;
    }
}
