//! French.

use super::{Advice, Words};

/// French.
pub static WORDS: Words = Words {
    code: "fr",
    language: "Français",
    point: ',',
    gap: "\u{a0}",

    skip: "Aller au contenu",
    models: "Modèles",
    choose: "Choisissez un modèle ci-dessus.",
    no_models: "Aucun modèle n’est encore installé. La personne qui gère cette page peut en ajouter un.",
    languages: "Langues",

    loaded: "connecté, modèle chargé",
    version: "version",
    no_model: "connecté, aucun modèle",
    unreachable: "injoignable",
    unknown: "connexion en cours",

    predict: "Prédire",
    inputs: "Données",
    live: "Le résultat suit les curseurs. Un simple essai n’est pas conservé ; Prédire en fait une prédiction.",
    reset: "Recommencer",
    usually: "Habituellement",
    to: "à",
    slider: "curseur",

    result: "Résultat",
    probability: "Probabilité",
    probability_of: "de probabilité pour",
    risk: "Risque",
    answered_in: "réponse en",
    tried: "simple essai",
    link: "Lien vers ces données",
    copy: "Copier le lien",
    copied: "Copié",
    outside: "hors de la plage habituelle, le résultat est donc moins sûr.",
    nothing_yet: "Renseignez les données, puis appuyez sur Prédire.",
    no_advice: "Une estimation tirée de données passées : elle aide à décider, elle ne décide pas.",

    why: "Ce qui a pesé sur ce résultat",
    why_how: "Par rapport à la moyenne des cas passés, chaque donnée a déplacé la probabilité d’autant de points ; \
              leur somme donne le résultat.",
    why_many: "Comme il y a plus de deux résultats possibles, il s’agit ici du plus probable.",
    base: "À partir de la moyenne pour",
    contribution: "Points",
    feature: "Donnée",
    raises: "l’augmente",
    lowers: "la diminue",
    unexplained: "Cette version du modèle ne peut pas être expliquée : elle est arrivée sans les cas passés de comparaison.",
    numbers: "Chiffres",

    what_if: "Et si… ?",
    what_if_how: "Comment la probabilité changerait si cette seule donnée était différente, toutes les autres restant égales.",
    what_if_of: "Donnée",
    strongest: "celle qui compte le plus",
    show: "Afficher",
    now: "actuel",

    history: "Prédictions de cette session",
    history_how: "Elles restent dans cet onglet jusqu’à ce que vous le fermiez.",
    history_empty: "Aucune pour l’instant.",
    history_script: "Avec JavaScript, les prédictions de la session sont listées ici.",
    time: "Heure",
    export: "Exporter en CSV",
    clear: "Effacer",

    number_wanted: "Écrivez un nombre.",
    whole_wanted: "Écrivez un nombre entier.",
    choice_wanted: "Choisissez parmi",
    too_large: "Ce nombre est trop grand.",
    refused: "Le modèle n’accepte pas cette valeur.",

    batch: "En nombre",
    batch_how: "Prédire chaque ligne d’un fichier CSV. Vous récupérez le même fichier, complété des résultats. Ce sont des \
                prédictions comme les autres.",
    batch_columns: "Les colonnes nécessaires",
    batch_columns_how: "La première ligne nomme les colonnes, dans n’importe quel ordre ; les autres colonnes restent telles quelles.",
    batch_file: "Fichier CSV",
    batch_drop: "ou déposez-le ici",
    batch_cancel: "Annuler",
    batch_progress: "Avancement",
    batch_finished: "Terminé.",
    batch_stopped: "Arrêté. Ce qui a été fait jusqu’ici peut être téléchargé.",
    batch_rows: "Lignes",
    batch_row: "Ligne",
    batch_wrong: "Lignes à corriger",
    batch_wrong_how: "Elles sont aussi dans le fichier, à leur place, avec la raison dans la dernière colonne.",
    batch_download: "Télécharger les résultats",
    batch_spread: "Répartition des résultats",
    batch_likeliest: "probabilité du résultat le plus probable",
    batch_first: "Premières lignes",
    batch_cells: "Cette ligne a plus ou moins de cellules qu’il n’y a de colonnes",
    batch_blank: "Rien n’y est écrit.",
    batch_missing: "Manquent",
    batch_found: "Dans le fichier",

    trouble_batch_empty: Advice {
        what: "Ce fichier ne contient rien à prédire.",
        then: "Il faut une première ligne avec les noms des colonnes, puis une ligne par cas.",
    },
    trouble_batch_missing: Advice {
        what: "Il manque au fichier des colonnes dont le modèle a besoin.",
        then: "Ajoutez-les, ou corrigez leurs noms dans la première ligne, puis renvoyez-le.",
    },
    trouble_batch_twice: Advice {
        what: "Certaines colonnes figurent plusieurs fois dans le fichier.",
        then: "N’en gardez qu’une de chaque, puis renvoyez-le.",
    },
    trouble_batch_large: Advice {
        what: "Ce fichier, ou l’une de ses lignes, est trop grand.",
        then: "Envoyez-le en plusieurs parties. S’il est petit, cherchez un guillemet qui n’est pas fermé.",
    },
    trouble_unreachable: Advice {
        what: "Le modèle est injoignable pour le moment.",
        then: "Vos données sont conservées. Patientez un peu et réessayez ; si cela dure, prévenez la personne qui gère \
               cette page.",
    },
    trouble_no_model: Advice {
        what: "Le modèle n’est pas encore prêt.",
        then: "Il est en cours de préparation. Réessayez dans quelques minutes.",
    },
    trouble_busy: Advice {
        what: "Le modèle est très sollicité en ce moment.",
        then: "Vos données sont conservées, et il sera interrogé de nouveau dans un instant.",
    },
    trouble_key: Advice {
        what: "Cette page n’a pas le droit d’interroger le modèle.",
        then: "Vous n’y pouvez rien ici : prévenez la personne qui gère cette page que sa clé d’accès est refusée.",
    },
    trouble_wrong: Advice {
        what: "Certaines données sont à corriger.",
        then: "Corrigez-les et appuyez de nouveau sur Prédire.",
    },
    trouble_unexpected: Advice {
        what: "Le modèle a donné une réponse que cette page ne comprend pas.",
        then: "Réessayez ; si cela persiste, prévenez la personne qui gère cette page.",
    },
    trouble_form: Advice {
        what: "Ce formulaire est trop ancien, ou ne vient pas de cette page.",
        then: "Rien n’a été envoyé. Revenez en arrière, rechargez la page et réessayez.",
    },
    trouble_nothing_here: Advice {
        what: "Cette page n’existe pas.",
        then: "Vérifiez l’adresse, ou partez de la liste des modèles.",
    },
    trouble_page: Advice {
        what: "Cette page a perdu la connexion.",
        then: "Vérifiez votre réseau ; elle reviendra d’elle-même.",
    },
    again: "Réessayer",
    back: "Vers les modèles",
};
