//! Reference results that are part of the program: `tests/reference`.

use super::folder::Tree;

/// Paths in the tree, and the texts.
macro_rules! files {
    ($($path:literal from $file:literal,)*) => {
        &[$(($path, include_str!(concat!("../../tests/reference/", $file))),)*]
    };
}

#[rustfmt::skip]
const FILES: &[(&str, &str)] = files! {
    "blast_lite/Lfp_Gr_250AhPrismatic.csv" from "blast_lite/Lfp_Gr_250AhPrismatic.csv",
    "blast_lite/Lfp_Gr_SonyMurata3Ah_Battery.csv" from "blast_lite/Lfp_Gr_SonyMurata3Ah_Battery.csv",
    "blast_lite/Lmo_Gr_NissanLeaf66Ah_2ndLife_Battery.csv" from "blast_lite/Lmo_Gr_NissanLeaf66Ah_2ndLife_Battery.csv",
    "blast_lite/NCA_GrSi_SonyMurata2p5Ah_Battery.csv" from "blast_lite/NCA_GrSi_SonyMurata2p5Ah_Battery.csv",
    "blast_lite/NMC_Gr_50Ah_B1.csv" from "blast_lite/NMC_Gr_50Ah_B1.csv",
    "blast_lite/NMC_Gr_50Ah_B2.csv" from "blast_lite/NMC_Gr_50Ah_B2.csv",
    "blast_lite/NMC_Gr_75Ah_A.csv" from "blast_lite/NMC_Gr_75Ah_A.csv",
    "blast_lite/Nca_Gr_Panasonic3Ah_Battery.csv" from "blast_lite/Nca_Gr_Panasonic3Ah_Battery.csv",
    "blast_lite/Nmc111_Gr_Kokam75Ah_Battery.csv" from "blast_lite/Nmc111_Gr_Kokam75Ah_Battery.csv",
    "blast_lite/Nmc111_Gr_Sanyo2Ah_Battery.csv" from "blast_lite/Nmc111_Gr_Sanyo2Ah_Battery.csv",
    "blast_lite/Nmc622_Gr_DENSO50Ah_Battery.csv" from "blast_lite/Nmc622_Gr_DENSO50Ah_Battery.csv",
    "blast_lite/Nmc811_GrSi_LGM50_5Ah_Battery.csv" from "blast_lite/Nmc811_GrSi_LGM50_5Ah_Battery.csv",
    "blast_lite/Nmc811_GrSi_LGMJ1_4Ah_Battery.csv" from "blast_lite/Nmc811_GrSi_LGMJ1_4Ah_Battery.csv",
    "blast_lite/Nmc_Lto_10Ah_Battery.csv" from "blast_lite/Nmc_Lto_10Ah_Battery.csv",
    "blast_lite/cases.json" from "blast_lite/cases.json",
    "blast_lite/stressors.csv" from "blast_lite/stressors.csv",
    "blast_lite_exact/Lfp_Gr_250AhPrismatic.csv" from "blast_lite_exact/Lfp_Gr_250AhPrismatic.csv",
    "blast_lite_exact/Lfp_Gr_SonyMurata3Ah_Battery.csv" from "blast_lite_exact/Lfp_Gr_SonyMurata3Ah_Battery.csv",
    "blast_lite_exact/Lmo_Gr_NissanLeaf66Ah_2ndLife_Battery.csv" from "blast_lite_exact/Lmo_Gr_NissanLeaf66Ah_2ndLife_Battery.csv",
    "blast_lite_exact/NCA_GrSi_SonyMurata2p5Ah_Battery.csv" from "blast_lite_exact/NCA_GrSi_SonyMurata2p5Ah_Battery.csv",
    "blast_lite_exact/NMC_Gr_50Ah_B1.csv" from "blast_lite_exact/NMC_Gr_50Ah_B1.csv",
    "blast_lite_exact/NMC_Gr_50Ah_B2.csv" from "blast_lite_exact/NMC_Gr_50Ah_B2.csv",
    "blast_lite_exact/NMC_Gr_75Ah_A.csv" from "blast_lite_exact/NMC_Gr_75Ah_A.csv",
    "blast_lite_exact/Nca_Gr_Panasonic3Ah_Battery.csv" from "blast_lite_exact/Nca_Gr_Panasonic3Ah_Battery.csv",
    "blast_lite_exact/Nmc111_Gr_Kokam75Ah_Battery.csv" from "blast_lite_exact/Nmc111_Gr_Kokam75Ah_Battery.csv",
    "blast_lite_exact/Nmc111_Gr_Sanyo2Ah_Battery.csv" from "blast_lite_exact/Nmc111_Gr_Sanyo2Ah_Battery.csv",
    "blast_lite_exact/Nmc622_Gr_DENSO50Ah_Battery.csv" from "blast_lite_exact/Nmc622_Gr_DENSO50Ah_Battery.csv",
    "blast_lite_exact/Nmc811_GrSi_LGM50_5Ah_Battery.csv" from "blast_lite_exact/Nmc811_GrSi_LGM50_5Ah_Battery.csv",
    "blast_lite_exact/Nmc811_GrSi_LGMJ1_4Ah_Battery.csv" from "blast_lite_exact/Nmc811_GrSi_LGMJ1_4Ah_Battery.csv",
    "blast_lite_exact/Nmc_Lto_10Ah_Battery.csv" from "blast_lite_exact/Nmc_Lto_10Ah_Battery.csv",
    "simses/LGMJ1_NMC.csv" from "simses/LGMJ1_NMC.csv",
    "simses/LTOLMO.csv" from "simses/LTOLMO.csv",
    "simses/LTONMC.csv" from "simses/LTONMC.csv",
    "simses/SanyoNMC.csv" from "simses/SanyoNMC.csv",
    "simses/SonyLFP.csv" from "simses/SonyLFP.csv",
    "simses/cases.json" from "simses/cases.json",
    "pysam/LMOLTO.csv" from "pysam/LMOLTO.csv",
    "pysam/cases.json" from "pysam/cases.json",
    "profiles/ev_year_A.csv" from "profiles/ev_year_A.csv",
    "profiles/pv_year_A.csv" from "profiles/pv_year_A.csv",
    "blast_lite/rates/Lfp_Gr_250AhPrismatic.csv" from "blast_lite_rates/Lfp_Gr_250AhPrismatic.csv",
    "blast_lite/rates/Lfp_Gr_SonyMurata3Ah_Battery.csv" from "blast_lite_rates/Lfp_Gr_SonyMurata3Ah_Battery.csv",
    "blast_lite/rates/Lmo_Gr_NissanLeaf66Ah_2ndLife_Battery.csv" from "blast_lite_rates/Lmo_Gr_NissanLeaf66Ah_2ndLife_Battery.csv",
    "blast_lite/rates/NCA_GrSi_SonyMurata2p5Ah_Battery.csv" from "blast_lite_rates/NCA_GrSi_SonyMurata2p5Ah_Battery.csv",
    "blast_lite/rates/NMC_Gr_50Ah_B1.csv" from "blast_lite_rates/NMC_Gr_50Ah_B1.csv",
    "blast_lite/rates/NMC_Gr_50Ah_B2.csv" from "blast_lite_rates/NMC_Gr_50Ah_B2.csv",
    "blast_lite/rates/NMC_Gr_75Ah_A.csv" from "blast_lite_rates/NMC_Gr_75Ah_A.csv",
    "blast_lite/rates/Nca_Gr_Panasonic3Ah_Battery.csv" from "blast_lite_rates/Nca_Gr_Panasonic3Ah_Battery.csv",
    "blast_lite/rates/Nmc111_Gr_Kokam75Ah_Battery.csv" from "blast_lite_rates/Nmc111_Gr_Kokam75Ah_Battery.csv",
    "blast_lite/rates/Nmc111_Gr_Sanyo2Ah_Battery.csv" from "blast_lite_rates/Nmc111_Gr_Sanyo2Ah_Battery.csv",
    "blast_lite/rates/Nmc622_Gr_DENSO50Ah_Battery.csv" from "blast_lite_rates/Nmc622_Gr_DENSO50Ah_Battery.csv",
    "blast_lite/rates/Nmc811_GrSi_LGM50_5Ah_Battery.csv" from "blast_lite_rates/Nmc811_GrSi_LGM50_5Ah_Battery.csv",
    "blast_lite/rates/Nmc811_GrSi_LGMJ1_4Ah_Battery.csv" from "blast_lite_rates/Nmc811_GrSi_LGMJ1_4Ah_Battery.csv",
    "blast_lite/rates/Nmc_Lto_10Ah_Battery.csv" from "blast_lite_rates/Nmc_Lto_10Ah_Battery.csv",
};

pub(super) fn tree() -> Tree {
    Tree::of_texts("shipped", FILES)
}
