package dev.athanor.preprocessing.language;

import dev.athanor.preprocessing.words.TermFinder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** British or American spelling, by words that are written differently. */
public final class EnglishDialect {

    /** Fewer such words say nothing. */
    private static final int MIN_HITS = 2;
    /** The other spelling may have at most this share: names and quotations come in it. */
    private static final double MAX_OTHER = 0.25;

    private static final String PAIRS =
            "colour color,colours colors,coloured colored,favour favor,favours favors,favourite favorite,favourites favorites,"
                    + "honour honor,honours honors,honoured honored,labour labor,labours labors,neighbour neighbor,"
                    + "neighbours neighbors,neighbourhood neighborhood,behaviour behavior,behaviours behaviors,humour humor,"
                    + "rumour rumor,rumours rumors,harbour harbor,flavour flavor,flavours flavors,odour odor,vigour vigor,"
                    + "armour armor,endeavour endeavor,saviour savior,parlour parlor,vapour vapor,centre center,"
                    + "centres centers,centred centered,theatre theater,theatres theaters,metre meter,metres meters,"
                    + "kilometres kilometers,litre liter,litres liters,fibre fiber,fibres fibers,calibre caliber,sombre somber,"
                    + "lustre luster,spectre specter,defence defense,offence offense,licence license,pretence pretense,"
                    + "travelled traveled,travelling traveling,traveller traveler,travellers travelers,cancelled canceled,"
                    + "cancelling canceling,modelling modeling,modelled modeled,labelled labeled,labelling labeling,"
                    + "counsellor counselor,jewellery jewelry,marvellous marvelous,woollen woolen,skilful skillful,"
                    + "fulfil fulfill,enrol enroll,instalment installment,catalogue catalog,dialogue dialog,analogue analog,"
                    + "grey gray,tyre tire,tyres tires,kerb curb,plough plow,cheque check,programme program,"
                    + "programmes programs,aluminium aluminum,manoeuvre maneuver,paediatric pediatric,anaemia anemia,"
                    + "oestrogen estrogen,foetus fetus,haemoglobin hemoglobin,encyclopaedia encyclopedia,analyse analyze,"
                    + "analysed analyzed,analysing analyzing,paralysed paralyzed,organisation organization,"
                    + "organisations organizations,organise organize,organised organized,realise realize,realised realized,"
                    + "recognise recognize,recognised recognized,apologise apologize,apologised apologized,"
                    + "criticise criticize,criticised criticized,emphasise emphasize,specialise specialize,"
                    + "specialised specialized,minimise minimize,maximise maximize,summarise summarize,utilise utilize,"
                    + "civilisation civilization,moustache mustache,pyjamas pajamas,whilst while,mum mom,mums moms,"
                    + "storey story,ageing aging,judgement judgment,sceptical skeptical,draught draft,cosy cozy";

    /** British spellings that are American words too, or the other way round, would mislead. */
    private static final String AMBIGUOUS =
            " check tire tires story curb draft program programs license dialog while meter meters ";

    /** Spelling to 1 for British, -1 for American. */
    private static final Map<String, Integer> SPELLINGS = spellings();

    private EnglishDialect() {}

    /** {@code en-GB}, {@code en-US}, or null where the text shows too little of either. */
    public static @Nullable String of(String text) {
        int british = 0;
        int american = 0;
        for (int i = 0; i < text.length(); ) {
            if (!TermFinder.begins(text, i)) {
                i++;
                continue;
            }
            int end = TermFinder.wordEnd(text, i);
            if (end - i >= 3 && end - i <= 14) {
                int spelling = SPELLINGS.getOrDefault(text.substring(i, end).toLowerCase(Locale.ROOT), 0);
                british += spelling > 0 ? 1 : 0;
                american += spelling < 0 ? 1 : 0;
            }
            i = end;
        }
        int all = british + american;
        if (all < MIN_HITS || Math.min(british, american) > MAX_OTHER * all) {
            return null;
        }
        return british > american ? "en-GB" : "en-US";
    }

    private static Map<String, Integer> spellings() {
        var spellings = new HashMap<String, Integer>();
        for (String pair : PAIRS.split(",")) {
            String[] both = pair.split(" ");
            spellings.put(both[0], 1);
            if (!AMBIGUOUS.contains(" " + both[1] + " ")) {
                spellings.put(both[1], -1);
            }
        }
        return spellings;
    }
}
