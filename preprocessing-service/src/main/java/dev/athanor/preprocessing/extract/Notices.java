package dev.athanor.preprocessing.extract;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes out lines that stand in the middle of an article and are not of it: pointers to other articles with the list below
 * them, calls to share or subscribe, notes about categories, dates and pictures. Only short lines are looked at, by how they
 * begin or what they consist of, in the languages of the larger news sites.
 */
final class Notices {

    private static final int LONGEST_POINTER = 200;
    private static final int LONGEST_NOTE = 90;

    /** Announces what is to be read elsewhere: the line and the list items below it go. */
    private static final Pattern POINTER = Pattern.compile(
            "(related|similar|recommended|popular|latest|recent|more|other) (posts?|articles?|coverage|stories|story|content|news|reading|"
                    + "topics|links)\\b.{0,20}|read (also|more|next)\\b.{0,60}|see also:?.{0,60}|also read\\b.*|you (may|might|could) also "
                    + "(like|enjoy).{0,20}|more (from|on|about) .{1,40}|trending( now)?|most (read|popular).{0,20}|don.t miss:?|what to read next|"
                    + "(ähnliche|verwandte|weitere|neueste|neuste|aktuelle|passende|empfohlene|beliebte) (aktuelle )?(beiträge|artikel|themen|"
                    + "posts|news|meldungen|nachrichten|informationen|links)\\b.{0,40}|verwandte themen.*|auch interessant.{0,20}|mehr zum thema.{0,20}|"
                    + "mehr (themen|artikel|news|zu|von|aus) ?.{0,30}:?|lesen sie (auch|mehr|hier|dazu)\\b.*|lies (auch|mehr|hier)\\b.*|auch lesen:?.{0,80}|"
                    + "schon gelesen\\?.*|zum weiterlesen:?|lust auf mehr\\?.*|das (thema )?könnte (dich|sie|euch) auch.*|themen im artikel:?|"
                    + "(à )?lire aussi\\b.*|à lire\\b.{0,80}|voir aussi\\b.*|sur le même (sujet|thème).{0,30}|articles? (similaires?|liés?|connexes?)|"
                    + "(lea|lee|leer|vea|mira) (también|además)\\b.*|(le|te) puede interesar\\b.*|también (te )?puede.{0,40}|puedes ver:.*|"
                    + "(artículos|noticias|notas) relacionad[oa]s|leia (também|mais)\\b.*|veja também\\b.*|saiba mais\\b.{0,60}|"
                    + "(notícias|matérias) relacionadas|leggi anche\\b.*|potrebbe (anche )?interessarti.*|articoli (correlati|simili)|"
                    + "czytaj (także|też|więcej)\\b.*|zobacz (także|też)\\b.*|przeczytaj (także|też|również).*|lees ook\\b.*|läs (också|mer|även).*|"
                    + "les (også|mer).*|læs også.*|читайте также.*|читать (также|далее).*|по теме:?.{0,80}|关联阅读.*|相关(阅读|新闻|文章).*|関連記事.*");

    /** Says something about the page: the line goes. */
    private static final Pattern NOTE = Pattern.compile(
            "[-–— ]*(anzeige|advertisement|advertising|werbung|publicité|publicidad|pubblicità|publicidade|reklama|sponsored( content)?|реклама)[-–— :]*|"
                    + "(news |artikel |beitrag |seite )?(teilen|share|partager|compartir|condividi|udostępnij|поделиться)( (this|on|via|auf|mit|it|post|article|"
                    + "story|page|now)\\b.{0,40})?[:!]?|(tweet|print|e-?mail|drucken|imprimer|imprimir|facebook|twitter|whatsapp|pinterest|linkedin|telegram)|"
                    + "(kategorien?|categor(y|ies|ia|ías|ie)|catégories?|tags?|themen|schlagw(o|ö)rter|stichw(o|ö)rter|filed under|posted (in|under)|etiquetas|"
                    + "mots-clés|temas|topics|keywords) ?:.*|(photo|foto|image|bild|titelbild|photos|crédits?( photos?)?|photo credits?|picture|fotos|"
                    + "imagen|bildquelle|fotocredit|video|quelle|source|fuente) ?:.{0,80}|(photo|image|foto|picture) (by|credit|courtesy|von)\\b.{0,60}|"
                    + "image illustrative|(getty images|shutterstock|unsplash|pixabay|istock).{0,30}|"
                    + "(published|posted|updated|last (updated|modified)|veröffentlicht|aktualisiert|stand|erstellt|publié le|mis à jour|publicado|actualizado|"
                    + "pubblicato|aggiornato|opublikowano)\\b.{0,12}\\d.{0,40}|\\d{1,2}[:.]\\d{2}( uhr| am| pm)?|\\d+ ?min(s|utes?|uten)?\\.?( de)? ?(read|lesezeit|lecture|"
                    + "lectura)?|(lesezeit|reading time|temps de lecture|tiempo de lectura).{0,30}|\\d+ (seconds?|minutes?|hours?|days?|weeks?|months?|years?) ago|"
                    + "vor \\d+ (minuten?|stunden?|tagen?|wochen?|monaten?|jahren?)|(von|by|autor|author|par|por|text) ?:.{0,40}|"
                    + "(jump|skip) to .{1,30}|back to (top|.{1,20})|zurück( zu[mr]? .{1,30})?|nach oben|(leave a|add a|post a)? ?(comment|reply)|\\d* ?(comments?|kommentare?)|"
                    + "(subscribe|abonnieren|abonnez-vous|suscríbete|sign up|log in|register|anmelden)\\b.{0,40}|.{0,20}newsletter.{0,40}|"
                    + "(follow us|folgen sie uns|folge uns|suivez-nous|síguenos|nos siga|siga-nos|seguici).{0,40}|(rezept|artikel|seite) drucken|read (the )?full .{0,30}");

    private Notices() {}

    /** @param text lines joined by {@code \n} */
    static String remove(String text) {
        var out = new StringBuilder(text.length());
        boolean belowPointer = false;
        for (int from = 0; from <= text.length(); ) {
            int newLine = text.indexOf('\n', from);
            int end = newLine < 0 ? text.length() : newLine;
            boolean isItem = text.startsWith("- ", from);
            boolean gone;
            if (isItem && belowPointer) {
                gone = end - from <= LONGEST_POINTER;
            } else {
                String line = end - from > LONGEST_POINTER
                        ? ""
                        : text.substring(isItem ? from + 2 : from, end).strip().toLowerCase(Locale.ROOT);
                belowPointer = POINTER.matcher(line).matches();
                gone = belowPointer
                        || line.length() <= LONGEST_NOTE && NOTE.matcher(line).matches();
            }
            if (!gone) {
                out.append(text, from, end).append('\n');
            }
            from = end + 1;
        }
        return out.toString().strip();
    }
}
