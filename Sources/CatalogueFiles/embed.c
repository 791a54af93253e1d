#include "CatalogueFiles.h"

// Written by Scripts/catalogue/embed.py: one array per file; the table below lists them. A test compares it with the folders.
static const char entries_borexino_reference[] = {
#embed "entries/borexino/REFERENCE" suffix(, 0)
};
static const char entries_borexino_electron_levels_csv[] = {
#embed "entries/borexino/electron-levels.csv" suffix(, 0)
};
static const char entries_borexino_experiment_yaml[] = {
#embed "entries/borexino/experiment.yaml" suffix(, 0)
};
static const char entries_borexino_validation_yaml[] = {
#embed "entries/borexino/validation.yaml" suffix(, 0)
};
static const char entries_ccm_reference[] = {
#embed "entries/ccm/REFERENCE" suffix(, 0)
};
static const char entries_ccm_experiment_yaml[] = {
#embed "entries/ccm/experiment.yaml" suffix(, 0)
};
static const char entries_cenns610_reference[] = {
#embed "entries/cenns610/REFERENCE" suffix(, 0)
};
static const char entries_cenns610_experiment_yaml[] = {
#embed "entries/cenns610/experiment.yaml" suffix(, 0)
};
static const char entries_cenns610_validation_yaml[] = {
#embed "entries/cenns610/validation.yaml" suffix(, 0)
};
static const char entries_coherent_csi_2017_reference[] = {
#embed "entries/coherent-csi-2017/REFERENCE" suffix(, 0)
};
static const char entries_coherent_csi_2017_arrival_times_csv[] = {
#embed "entries/coherent-csi-2017/arrival-times.csv" suffix(, 0)
};
static const char entries_coherent_csi_2017_background_energies_csv[] = {
#embed "entries/coherent-csi-2017/background-energies.csv" suffix(, 0)
};
static const char entries_coherent_csi_2017_background_times_csv[] = {
#embed "entries/coherent-csi-2017/background-times.csv" suffix(, 0)
};
static const char entries_coherent_csi_2017_experiment_yaml[] = {
#embed "entries/coherent-csi-2017/experiment.yaml" suffix(, 0)
};
static const char entries_coherent_csi_2017_observed_csv[] = {
#embed "entries/coherent-csi-2017/observed.csv" suffix(, 0)
};
static const char entries_coherent_csi_2017_validation_yaml[] = {
#embed "entries/coherent-csi-2017/validation.yaml" suffix(, 0)
};
static const char entries_coherent_csi_2021_reference[] = {
#embed "entries/coherent-csi-2021/REFERENCE" suffix(, 0)
};
static const char entries_coherent_csi_2021_arrival_times_csv[] = {
#embed "entries/coherent-csi-2021/arrival-times.csv" suffix(, 0)
};
static const char entries_coherent_csi_2021_background_energies_csv[] = {
#embed "entries/coherent-csi-2021/background-energies.csv" suffix(, 0)
};
static const char entries_coherent_csi_2021_background_times_csv[] = {
#embed "entries/coherent-csi-2021/background-times.csv" suffix(, 0)
};
static const char entries_coherent_csi_2021_electron_levels_csv[] = {
#embed "entries/coherent-csi-2021/electron-levels.csv" suffix(, 0)
};
static const char entries_coherent_csi_2021_experiment_yaml[] = {
#embed "entries/coherent-csi-2021/experiment.yaml" suffix(, 0)
};
static const char entries_coherent_csi_2021_observed_csv[] = {
#embed "entries/coherent-csi-2021/observed.csv" suffix(, 0)
};
static const char entries_coherent_csi_2021_validation_yaml[] = {
#embed "entries/coherent-csi-2021/validation.yaml" suffix(, 0)
};
static const char entries_coherent_lar_2020_reference[] = {
#embed "entries/coherent-lar-2020/REFERENCE" suffix(, 0)
};
static const char entries_coherent_lar_2020_efficiency_csv[] = {
#embed "entries/coherent-lar-2020/efficiency.csv" suffix(, 0)
};
static const char entries_coherent_lar_2020_events_energy_time_csv[] = {
#embed "entries/coherent-lar-2020/events-energy-time.csv" suffix(, 0)
};
static const char entries_coherent_lar_2020_events_energy_csv[] = {
#embed "entries/coherent-lar-2020/events-energy.csv" suffix(, 0)
};
static const char entries_coherent_lar_2020_events_csv[] = {
#embed "entries/coherent-lar-2020/events.csv" suffix(, 0)
};
static const char entries_coherent_lar_2020_experiment_yaml[] = {
#embed "entries/coherent-lar-2020/experiment.yaml" suffix(, 0)
};
static const char entries_coherent_lar_2020_response_csv[] = {
#embed "entries/coherent-lar-2020/response.csv" suffix(, 0)
};
static const char entries_coherent_lar_2020_validation_yaml[] = {
#embed "entries/coherent-lar-2020/validation.yaml" suffix(, 0)
};
static const char entries_conus_plus_reference[] = {
#embed "entries/conus-plus/REFERENCE" suffix(, 0)
};
static const char entries_conus_plus_experiment_yaml[] = {
#embed "entries/conus-plus/experiment.yaml" suffix(, 0)
};
static const char entries_conus_plus_floor_csv[] = {
#embed "entries/conus-plus/floor.csv" suffix(, 0)
};
static const char entries_conus_plus_observed_csv[] = {
#embed "entries/conus-plus/observed.csv" suffix(, 0)
};
static const char entries_conus_plus_spectrum_csv[] = {
#embed "entries/conus-plus/spectrum.csv" suffix(, 0)
};
static const char entries_conus_plus_validation_yaml[] = {
#embed "entries/conus-plus/validation.yaml" suffix(, 0)
};
static const char entries_cr51_cevns_reference[] = {
#embed "entries/cr51-cevns/REFERENCE" suffix(, 0)
};
static const char entries_cr51_cevns_experiment_yaml[] = {
#embed "entries/cr51-cevns/experiment.yaml" suffix(, 0)
};
static const char entries_cr51_lxe_a_reference[] = {
#embed "entries/cr51-lxe-a/REFERENCE" suffix(, 0)
};
static const char entries_cr51_lxe_a_experiment_yaml[] = {
#embed "entries/cr51-lxe-a/experiment.yaml" suffix(, 0)
};
static const char entries_cr51_lxe_b_reference[] = {
#embed "entries/cr51-lxe-b/REFERENCE" suffix(, 0)
};
static const char entries_cr51_lxe_b_experiment_yaml[] = {
#embed "entries/cr51-lxe-b/experiment.yaml" suffix(, 0)
};
static const char entries_cr51_lxe_c_reference[] = {
#embed "entries/cr51-lxe-c/REFERENCE" suffix(, 0)
};
static const char entries_cr51_lxe_c_experiment_yaml[] = {
#embed "entries/cr51-lxe-c/experiment.yaml" suffix(, 0)
};
static const char entries_csi_benchmark_reference[] = {
#embed "entries/csi-benchmark/REFERENCE" suffix(, 0)
};
static const char entries_csi_benchmark_backgrounds_csv[] = {
#embed "entries/csi-benchmark/backgrounds.csv" suffix(, 0)
};
static const char entries_csi_benchmark_experiment_yaml[] = {
#embed "entries/csi-benchmark/experiment.yaml" suffix(, 0)
};
static const char entries_darwin_er_reference[] = {
#embed "entries/darwin-er/REFERENCE" suffix(, 0)
};
static const char entries_darwin_er_backgrounds_csv[] = {
#embed "entries/darwin-er/backgrounds.csv" suffix(, 0)
};
static const char entries_darwin_er_experiment_yaml[] = {
#embed "entries/darwin-er/experiment.yaml" suffix(, 0)
};
static const char entries_darwin_er_validation_yaml[] = {
#embed "entries/darwin-er/validation.yaml" suffix(, 0)
};
static const char entries_darwin_reference[] = {
#embed "entries/darwin/REFERENCE" suffix(, 0)
};
static const char entries_darwin_experiment_yaml[] = {
#embed "entries/darwin/experiment.yaml" suffix(, 0)
};
static const char entries_darwin_validation_yaml[] = {
#embed "entries/darwin/validation.yaml" suffix(, 0)
};
static const char entries_dresden_ii_reference[] = {
#embed "entries/dresden-ii/REFERENCE" suffix(, 0)
};
static const char entries_dresden_ii_backgrounds_csv[] = {
#embed "entries/dresden-ii/backgrounds.csv" suffix(, 0)
};
static const char entries_dresden_ii_experiment_yaml[] = {
#embed "entries/dresden-ii/experiment.yaml" suffix(, 0)
};
static const char entries_dresden_ii_floor_fef_csv[] = {
#embed "entries/dresden-ii/floor-fef.csv" suffix(, 0)
};
static const char entries_dresden_ii_floor_lindhard_csv[] = {
#embed "entries/dresden-ii/floor-lindhard.csv" suffix(, 0)
};
static const char entries_dresden_ii_floor_ybe_csv[] = {
#embed "entries/dresden-ii/floor-ybe.csv" suffix(, 0)
};
static const char entries_dresden_ii_observed_csv[] = {
#embed "entries/dresden-ii/observed.csv" suffix(, 0)
};
static const char entries_dresden_ii_quenching_fef_csv[] = {
#embed "entries/dresden-ii/quenching-fef.csv" suffix(, 0)
};
static const char entries_dresden_ii_quenching_ybe_csv[] = {
#embed "entries/dresden-ii/quenching-ybe.csv" suffix(, 0)
};
static const char entries_dresden_ii_validation_yaml[] = {
#embed "entries/dresden-ii/validation.yaml" suffix(, 0)
};
static const char entries_ess_reference[] = {
#embed "entries/ess/REFERENCE" suffix(, 0)
};
static const char entries_ess_experiment_yaml[] = {
#embed "entries/ess/experiment.yaml" suffix(, 0)
};
static const char entries_ess10_reference[] = {
#embed "entries/ess10/REFERENCE" suffix(, 0)
};
static const char entries_ess10_experiment_yaml[] = {
#embed "entries/ess10/experiment.yaml" suffix(, 0)
};
static const char entries_lz_er_ws2022_reference[] = {
#embed "entries/lz-er-ws2022/REFERENCE" suffix(, 0)
};
static const char entries_lz_er_ws2022_experiment_yaml[] = {
#embed "entries/lz-er-ws2022/experiment.yaml" suffix(, 0)
};
static const char entries_lz_er_ws2022_recoil_efficiency_atomic_csv[] = {
#embed "entries/lz-er-ws2022/recoil-efficiency-atomic.csv" suffix(, 0)
};
static const char entries_lz_er_ws2022_recoil_efficiency_csv[] = {
#embed "entries/lz-er-ws2022/recoil-efficiency.csv" suffix(, 0)
};
static const char entries_lz_er_ws2022_spectrum_csv[] = {
#embed "entries/lz-er-ws2022/spectrum.csv" suffix(, 0)
};
static const char entries_lz_er_ws2022_validation_yaml[] = {
#embed "entries/lz-er-ws2022/validation.yaml" suffix(, 0)
};
static const char entries_lz_er_ws2024_reference[] = {
#embed "entries/lz-er-ws2024/REFERENCE" suffix(, 0)
};
static const char entries_lz_er_ws2024_experiment_yaml[] = {
#embed "entries/lz-er-ws2024/experiment.yaml" suffix(, 0)
};
static const char entries_lz_er_ws2024_recoil_efficiency_atomic_csv[] = {
#embed "entries/lz-er-ws2024/recoil-efficiency-atomic.csv" suffix(, 0)
};
static const char entries_lz_er_ws2024_recoil_efficiency_csv[] = {
#embed "entries/lz-er-ws2024/recoil-efficiency.csv" suffix(, 0)
};
static const char entries_lz_er_ws2024_spectrum_csv[] = {
#embed "entries/lz-er-ws2024/spectrum.csv" suffix(, 0)
};
static const char entries_lz_er_ws2024_validation_yaml[] = {
#embed "entries/lz-er-ws2024/validation.yaml" suffix(, 0)
};
static const char entries_pandax4t_8b_reference[] = {
#embed "entries/pandax4t-8b/REFERENCE" suffix(, 0)
};
static const char entries_pandax4t_8b_efficiency_csv[] = {
#embed "entries/pandax4t-8b/efficiency.csv" suffix(, 0)
};
static const char entries_pandax4t_8b_experiment_yaml[] = {
#embed "entries/pandax4t-8b/experiment.yaml" suffix(, 0)
};
static const char entries_supercdms_reference[] = {
#embed "entries/supercdms/REFERENCE" suffix(, 0)
};
static const char entries_supercdms_experiment_yaml[] = {
#embed "entries/supercdms/experiment.yaml" suffix(, 0)
};
static const char entries_supercdms_germanium_electron_csv[] = {
#embed "entries/supercdms/germanium-electron.csv" suffix(, 0)
};
static const char entries_supercdms_germanium_nuclear_csv[] = {
#embed "entries/supercdms/germanium-nuclear.csv" suffix(, 0)
};
static const char entries_supercdms_silicon_electron_csv[] = {
#embed "entries/supercdms/silicon-electron.csv" suffix(, 0)
};
static const char entries_supercdms_silicon_nuclear_csv[] = {
#embed "entries/supercdms/silicon-nuclear.csv" suffix(, 0)
};
static const char entries_texono_reference[] = {
#embed "entries/texono/REFERENCE" suffix(, 0)
};
static const char entries_texono_experiment_yaml[] = {
#embed "entries/texono/experiment.yaml" suffix(, 0)
};
static const char entries_texono_validation_yaml[] = {
#embed "entries/texono/validation.yaml" suffix(, 0)
};
static const char entries_xenon1t_8b_reference[] = {
#embed "entries/xenon1t-8b/REFERENCE" suffix(, 0)
};
static const char entries_xenon1t_8b_efficiency_csv[] = {
#embed "entries/xenon1t-8b/efficiency.csv" suffix(, 0)
};
static const char entries_xenon1t_8b_experiment_yaml[] = {
#embed "entries/xenon1t-8b/experiment.yaml" suffix(, 0)
};
static const char entries_xenon1t_8b_validation_yaml[] = {
#embed "entries/xenon1t-8b/validation.yaml" suffix(, 0)
};
static const char entries_xenon1t_er_reference[] = {
#embed "entries/xenon1t-er/REFERENCE" suffix(, 0)
};
static const char entries_xenon1t_er_atomic_correction_csv[] = {
#embed "entries/xenon1t-er/atomic-correction.csv" suffix(, 0)
};
static const char entries_xenon1t_er_efficiency_csv[] = {
#embed "entries/xenon1t-er/efficiency.csv" suffix(, 0)
};
static const char entries_xenon1t_er_experiment_yaml[] = {
#embed "entries/xenon1t-er/experiment.yaml" suffix(, 0)
};
static const char entries_xenon1t_er_spectrum_csv[] = {
#embed "entries/xenon1t-er/spectrum.csv" suffix(, 0)
};
static const char entries_xenon1t_er_validation_yaml[] = {
#embed "entries/xenon1t-er/validation.yaml" suffix(, 0)
};
static const char entries_xenon1t_s2only_reference[] = {
#embed "entries/xenon1t-s2only/REFERENCE" suffix(, 0)
};
static const char entries_xenon1t_s2only_bins_csv[] = {
#embed "entries/xenon1t-s2only/bins.csv" suffix(, 0)
};
static const char entries_xenon1t_s2only_experiment_yaml[] = {
#embed "entries/xenon1t-s2only/experiment.yaml" suffix(, 0)
};
static const char entries_xenon1t_s2only_matrix_electron_csv[] = {
#embed "entries/xenon1t-s2only/matrix-electron.csv" suffix(, 0)
};
static const char entries_xenon1t_s2only_matrix_nuclear_csv[] = {
#embed "entries/xenon1t-s2only/matrix-nuclear.csv" suffix(, 0)
};
static const char entries_xenon1t_s2only_validation_yaml[] = {
#embed "entries/xenon1t-s2only/validation.yaml" suffix(, 0)
};
static const char entries_xenonnt_1t_nr_reference[] = {
#embed "entries/xenonnt-1t-nr/REFERENCE" suffix(, 0)
};
static const char entries_xenonnt_1t_nr_experiment_yaml[] = {
#embed "entries/xenonnt-1t-nr/experiment.yaml" suffix(, 0)
};
static const char entries_xenonnt_1t_nr_validation_yaml[] = {
#embed "entries/xenonnt-1t-nr/validation.yaml" suffix(, 0)
};
static const char entries_xenonnt_8b_reference[] = {
#embed "entries/xenonnt-8b/REFERENCE" suffix(, 0)
};
static const char entries_xenonnt_8b_bins_sr2_csv[] = {
#embed "entries/xenonnt-8b/bins-sr2.csv" suffix(, 0)
};
static const char entries_xenonnt_8b_bins_csv[] = {
#embed "entries/xenonnt-8b/bins.csv" suffix(, 0)
};
static const char entries_xenonnt_8b_experiment_yaml[] = {
#embed "entries/xenonnt-8b/experiment.yaml" suffix(, 0)
};
static const char entries_xenonnt_8b_matrix_sr2_csv[] = {
#embed "entries/xenonnt-8b/matrix-sr2.csv" suffix(, 0)
};
static const char entries_xenonnt_8b_matrix_template_2024_csv[] = {
#embed "entries/xenonnt-8b/matrix-template-2024.csv" suffix(, 0)
};
static const char entries_xenonnt_8b_matrix_csv[] = {
#embed "entries/xenonnt-8b/matrix.csv" suffix(, 0)
};
static const char entries_xenonnt_8b_validation_yaml[] = {
#embed "entries/xenonnt-8b/validation.yaml" suffix(, 0)
};
static const char entries_xenonnt_er_sr0_reference[] = {
#embed "entries/xenonnt-er-sr0/REFERENCE" suffix(, 0)
};
static const char entries_xenonnt_er_sr0_atomic_correction_csv[] = {
#embed "entries/xenonnt-er-sr0/atomic-correction.csv" suffix(, 0)
};
static const char entries_xenonnt_er_sr0_efficiency_csv[] = {
#embed "entries/xenonnt-er-sr0/efficiency.csv" suffix(, 0)
};
static const char entries_xenonnt_er_sr0_experiment_yaml[] = {
#embed "entries/xenonnt-er-sr0/experiment.yaml" suffix(, 0)
};
static const char entries_xenonnt_er_sr0_free_electrons_csv[] = {
#embed "entries/xenonnt-er-sr0/free-electrons.csv" suffix(, 0)
};
static const char entries_xenonnt_er_sr0_spectrum_csv[] = {
#embed "entries/xenonnt-er-sr0/spectrum.csv" suffix(, 0)
};
static const char entries_xenonnt_er_sr0_validation_yaml[] = {
#embed "entries/xenonnt-er-sr0/validation.yaml" suffix(, 0)
};
static const char entries_xenonnt_s2only_reference[] = {
#embed "entries/xenonnt-s2only/REFERENCE" suffix(, 0)
};
static const char entries_xenonnt_s2only_bins_csv[] = {
#embed "entries/xenonnt-s2only/bins.csv" suffix(, 0)
};
static const char entries_xenonnt_s2only_experiment_yaml[] = {
#embed "entries/xenonnt-s2only/experiment.yaml" suffix(, 0)
};
static const char entries_xenonnt_s2only_matrix_csv[] = {
#embed "entries/xenonnt-s2only/matrix.csv" suffix(, 0)
};
static const char entries_xenonnt_s2only_validation_yaml[] = {
#embed "entries/xenonnt-s2only/validation.yaml" suffix(, 0)
};
static const char library_reference[] = {
#embed "library/REFERENCE" suffix(, 0)
};
static const char library_electron_levels_csv[] = {
#embed "library/electron-levels.csv" suffix(, 0)
};
static const char library_isotopes_csv[] = {
#embed "library/isotopes.csv" suffix(, 0)
};
static const char library_reactor_bestiole_2023_csv[] = {
#embed "library/reactor/bestiole-2023.csv" suffix(, 0)
};
static const char library_reactor_capture_bestiole_2023_csv[] = {
#embed "library/reactor/capture-bestiole-2023.csv" suffix(, 0)
};
static const char library_reactor_energy_per_fission_csv[] = {
#embed "library/reactor/energy-per-fission.csv" suffix(, 0)
};
static const char library_reactor_huber_mueller_csv[] = {
#embed "library/reactor/huber-mueller.csv" suffix(, 0)
};
static const char library_reactor_kopeikin_2012_csv[] = {
#embed "library/reactor/kopeikin-2012.csv" suffix(, 0)
};
static const char library_solar_fluxes_csv[] = {
#embed "library/solar/fluxes.csv" suffix(, 0)
};
static const char library_solar_lines_csv[] = {
#embed "library/solar/lines.csv" suffix(, 0)
};
static const char library_solar_production_b8_csv[] = {
#embed "library/solar/production-b8.csv" suffix(, 0)
};
static const char library_solar_production_be7_csv[] = {
#embed "library/solar/production-be7.csv" suffix(, 0)
};
static const char library_solar_production_f17_csv[] = {
#embed "library/solar/production-f17.csv" suffix(, 0)
};
static const char library_solar_production_hep_csv[] = {
#embed "library/solar/production-hep.csv" suffix(, 0)
};
static const char library_solar_production_n13_csv[] = {
#embed "library/solar/production-n13.csv" suffix(, 0)
};
static const char library_solar_production_o15_csv[] = {
#embed "library/solar/production-o15.csv" suffix(, 0)
};
static const char library_solar_production_pep_csv[] = {
#embed "library/solar/production-pep.csv" suffix(, 0)
};
static const char library_solar_production_pp_csv[] = {
#embed "library/solar/production-pp.csv" suffix(, 0)
};
static const char library_solar_spectrum_b8_csv[] = {
#embed "library/solar/spectrum-b8.csv" suffix(, 0)
};
static const char library_solar_spectrum_f17_csv[] = {
#embed "library/solar/spectrum-f17.csv" suffix(, 0)
};
static const char library_solar_spectrum_hep_csv[] = {
#embed "library/solar/spectrum-hep.csv" suffix(, 0)
};
static const char library_solar_spectrum_n13_csv[] = {
#embed "library/solar/spectrum-n13.csv" suffix(, 0)
};
static const char library_solar_spectrum_o15_csv[] = {
#embed "library/solar/spectrum-o15.csv" suffix(, 0)
};
static const char library_solar_spectrum_pp_csv[] = {
#embed "library/solar/spectrum-pp.csv" suffix(, 0)
};
static const char published_reference[] = {
#embed "published/REFERENCE" suffix(, 0)
};
static const char published_bbn_csv[] = {
#embed "published/bbn.csv" suffix(, 0)
};
static const char published_borexino_sk_csv[] = {
#embed "published/borexino-sk.csv" suffix(, 0)
};
static const char published_borexino_csv[] = {
#embed "published/borexino.csv" suffix(, 0)
};
static const char published_charm_ii_csv[] = {
#embed "published/charm-ii.csv" suffix(, 0)
};
static const char published_donut_csv[] = {
#embed "published/donut.csv" suffix(, 0)
};
static const char published_index_csv[] = {
#embed "published/index.csv" suffix(, 0)
};
static const char published_lep_csv[] = {
#embed "published/lep.csv" suffix(, 0)
};
static const char published_lsnd_csv[] = {
#embed "published/lsnd.csv" suffix(, 0)
};
static const char published_miniboone_csv[] = {
#embed "published/miniboone.csv" suffix(, 0)
};
static const char published_nomad_csv[] = {
#embed "published/nomad.csv" suffix(, 0)
};
static const char published_sk_atmospheric_e_csv[] = {
#embed "published/sk-atmospheric-e.csv" suffix(, 0)
};
static const char published_sk_atmospheric_mu_csv[] = {
#embed "published/sk-atmospheric-mu.csv" suffix(, 0)
};
static const char published_sk_atmospheric_tau_csv[] = {
#embed "published/sk-atmospheric-tau.csv" suffix(, 0)
};
static const char published_sn1987a_lower_csv[] = {
#embed "published/sn1987a-lower.csv" suffix(, 0)
};
static const char published_sn1987a_upper_csv[] = {
#embed "published/sn1987a-upper.csv" suffix(, 0)
};
static const char published_xenon1t_csv[] = {
#embed "published/xenon1t.csv" suffix(, 0)
};
static const char validation_statements_yaml[] = {
#embed "validation/statements.yaml" suffix(, 0)
};

#define FILE_ENTRY(path, text) { path, text, sizeof text - 1 }
static const catalogue_file_t table[] = {
  FILE_ENTRY("entries/borexino/REFERENCE", entries_borexino_reference),
  FILE_ENTRY("entries/borexino/electron-levels.csv", entries_borexino_electron_levels_csv),
  FILE_ENTRY("entries/borexino/experiment.yaml", entries_borexino_experiment_yaml),
  FILE_ENTRY("entries/borexino/validation.yaml", entries_borexino_validation_yaml),
  FILE_ENTRY("entries/ccm/REFERENCE", entries_ccm_reference),
  FILE_ENTRY("entries/ccm/experiment.yaml", entries_ccm_experiment_yaml),
  FILE_ENTRY("entries/cenns610/REFERENCE", entries_cenns610_reference),
  FILE_ENTRY("entries/cenns610/experiment.yaml", entries_cenns610_experiment_yaml),
  FILE_ENTRY("entries/cenns610/validation.yaml", entries_cenns610_validation_yaml),
  FILE_ENTRY("entries/coherent-csi-2017/REFERENCE", entries_coherent_csi_2017_reference),
  FILE_ENTRY("entries/coherent-csi-2017/arrival-times.csv", entries_coherent_csi_2017_arrival_times_csv),
  FILE_ENTRY("entries/coherent-csi-2017/background-energies.csv", entries_coherent_csi_2017_background_energies_csv),
  FILE_ENTRY("entries/coherent-csi-2017/background-times.csv", entries_coherent_csi_2017_background_times_csv),
  FILE_ENTRY("entries/coherent-csi-2017/experiment.yaml", entries_coherent_csi_2017_experiment_yaml),
  FILE_ENTRY("entries/coherent-csi-2017/observed.csv", entries_coherent_csi_2017_observed_csv),
  FILE_ENTRY("entries/coherent-csi-2017/validation.yaml", entries_coherent_csi_2017_validation_yaml),
  FILE_ENTRY("entries/coherent-csi-2021/REFERENCE", entries_coherent_csi_2021_reference),
  FILE_ENTRY("entries/coherent-csi-2021/arrival-times.csv", entries_coherent_csi_2021_arrival_times_csv),
  FILE_ENTRY("entries/coherent-csi-2021/background-energies.csv", entries_coherent_csi_2021_background_energies_csv),
  FILE_ENTRY("entries/coherent-csi-2021/background-times.csv", entries_coherent_csi_2021_background_times_csv),
  FILE_ENTRY("entries/coherent-csi-2021/electron-levels.csv", entries_coherent_csi_2021_electron_levels_csv),
  FILE_ENTRY("entries/coherent-csi-2021/experiment.yaml", entries_coherent_csi_2021_experiment_yaml),
  FILE_ENTRY("entries/coherent-csi-2021/observed.csv", entries_coherent_csi_2021_observed_csv),
  FILE_ENTRY("entries/coherent-csi-2021/validation.yaml", entries_coherent_csi_2021_validation_yaml),
  FILE_ENTRY("entries/coherent-lar-2020/REFERENCE", entries_coherent_lar_2020_reference),
  FILE_ENTRY("entries/coherent-lar-2020/efficiency.csv", entries_coherent_lar_2020_efficiency_csv),
  FILE_ENTRY("entries/coherent-lar-2020/events-energy-time.csv", entries_coherent_lar_2020_events_energy_time_csv),
  FILE_ENTRY("entries/coherent-lar-2020/events-energy.csv", entries_coherent_lar_2020_events_energy_csv),
  FILE_ENTRY("entries/coherent-lar-2020/events.csv", entries_coherent_lar_2020_events_csv),
  FILE_ENTRY("entries/coherent-lar-2020/experiment.yaml", entries_coherent_lar_2020_experiment_yaml),
  FILE_ENTRY("entries/coherent-lar-2020/response.csv", entries_coherent_lar_2020_response_csv),
  FILE_ENTRY("entries/coherent-lar-2020/validation.yaml", entries_coherent_lar_2020_validation_yaml),
  FILE_ENTRY("entries/conus-plus/REFERENCE", entries_conus_plus_reference),
  FILE_ENTRY("entries/conus-plus/experiment.yaml", entries_conus_plus_experiment_yaml),
  FILE_ENTRY("entries/conus-plus/floor.csv", entries_conus_plus_floor_csv),
  FILE_ENTRY("entries/conus-plus/observed.csv", entries_conus_plus_observed_csv),
  FILE_ENTRY("entries/conus-plus/spectrum.csv", entries_conus_plus_spectrum_csv),
  FILE_ENTRY("entries/conus-plus/validation.yaml", entries_conus_plus_validation_yaml),
  FILE_ENTRY("entries/cr51-cevns/REFERENCE", entries_cr51_cevns_reference),
  FILE_ENTRY("entries/cr51-cevns/experiment.yaml", entries_cr51_cevns_experiment_yaml),
  FILE_ENTRY("entries/cr51-lxe-a/REFERENCE", entries_cr51_lxe_a_reference),
  FILE_ENTRY("entries/cr51-lxe-a/experiment.yaml", entries_cr51_lxe_a_experiment_yaml),
  FILE_ENTRY("entries/cr51-lxe-b/REFERENCE", entries_cr51_lxe_b_reference),
  FILE_ENTRY("entries/cr51-lxe-b/experiment.yaml", entries_cr51_lxe_b_experiment_yaml),
  FILE_ENTRY("entries/cr51-lxe-c/REFERENCE", entries_cr51_lxe_c_reference),
  FILE_ENTRY("entries/cr51-lxe-c/experiment.yaml", entries_cr51_lxe_c_experiment_yaml),
  FILE_ENTRY("entries/csi-benchmark/REFERENCE", entries_csi_benchmark_reference),
  FILE_ENTRY("entries/csi-benchmark/backgrounds.csv", entries_csi_benchmark_backgrounds_csv),
  FILE_ENTRY("entries/csi-benchmark/experiment.yaml", entries_csi_benchmark_experiment_yaml),
  FILE_ENTRY("entries/darwin-er/REFERENCE", entries_darwin_er_reference),
  FILE_ENTRY("entries/darwin-er/backgrounds.csv", entries_darwin_er_backgrounds_csv),
  FILE_ENTRY("entries/darwin-er/experiment.yaml", entries_darwin_er_experiment_yaml),
  FILE_ENTRY("entries/darwin-er/validation.yaml", entries_darwin_er_validation_yaml),
  FILE_ENTRY("entries/darwin/REFERENCE", entries_darwin_reference),
  FILE_ENTRY("entries/darwin/experiment.yaml", entries_darwin_experiment_yaml),
  FILE_ENTRY("entries/darwin/validation.yaml", entries_darwin_validation_yaml),
  FILE_ENTRY("entries/dresden-ii/REFERENCE", entries_dresden_ii_reference),
  FILE_ENTRY("entries/dresden-ii/backgrounds.csv", entries_dresden_ii_backgrounds_csv),
  FILE_ENTRY("entries/dresden-ii/experiment.yaml", entries_dresden_ii_experiment_yaml),
  FILE_ENTRY("entries/dresden-ii/floor-fef.csv", entries_dresden_ii_floor_fef_csv),
  FILE_ENTRY("entries/dresden-ii/floor-lindhard.csv", entries_dresden_ii_floor_lindhard_csv),
  FILE_ENTRY("entries/dresden-ii/floor-ybe.csv", entries_dresden_ii_floor_ybe_csv),
  FILE_ENTRY("entries/dresden-ii/observed.csv", entries_dresden_ii_observed_csv),
  FILE_ENTRY("entries/dresden-ii/quenching-fef.csv", entries_dresden_ii_quenching_fef_csv),
  FILE_ENTRY("entries/dresden-ii/quenching-ybe.csv", entries_dresden_ii_quenching_ybe_csv),
  FILE_ENTRY("entries/dresden-ii/validation.yaml", entries_dresden_ii_validation_yaml),
  FILE_ENTRY("entries/ess/REFERENCE", entries_ess_reference),
  FILE_ENTRY("entries/ess/experiment.yaml", entries_ess_experiment_yaml),
  FILE_ENTRY("entries/ess10/REFERENCE", entries_ess10_reference),
  FILE_ENTRY("entries/ess10/experiment.yaml", entries_ess10_experiment_yaml),
  FILE_ENTRY("entries/lz-er-ws2022/REFERENCE", entries_lz_er_ws2022_reference),
  FILE_ENTRY("entries/lz-er-ws2022/experiment.yaml", entries_lz_er_ws2022_experiment_yaml),
  FILE_ENTRY("entries/lz-er-ws2022/recoil-efficiency-atomic.csv", entries_lz_er_ws2022_recoil_efficiency_atomic_csv),
  FILE_ENTRY("entries/lz-er-ws2022/recoil-efficiency.csv", entries_lz_er_ws2022_recoil_efficiency_csv),
  FILE_ENTRY("entries/lz-er-ws2022/spectrum.csv", entries_lz_er_ws2022_spectrum_csv),
  FILE_ENTRY("entries/lz-er-ws2022/validation.yaml", entries_lz_er_ws2022_validation_yaml),
  FILE_ENTRY("entries/lz-er-ws2024/REFERENCE", entries_lz_er_ws2024_reference),
  FILE_ENTRY("entries/lz-er-ws2024/experiment.yaml", entries_lz_er_ws2024_experiment_yaml),
  FILE_ENTRY("entries/lz-er-ws2024/recoil-efficiency-atomic.csv", entries_lz_er_ws2024_recoil_efficiency_atomic_csv),
  FILE_ENTRY("entries/lz-er-ws2024/recoil-efficiency.csv", entries_lz_er_ws2024_recoil_efficiency_csv),
  FILE_ENTRY("entries/lz-er-ws2024/spectrum.csv", entries_lz_er_ws2024_spectrum_csv),
  FILE_ENTRY("entries/lz-er-ws2024/validation.yaml", entries_lz_er_ws2024_validation_yaml),
  FILE_ENTRY("entries/pandax4t-8b/REFERENCE", entries_pandax4t_8b_reference),
  FILE_ENTRY("entries/pandax4t-8b/efficiency.csv", entries_pandax4t_8b_efficiency_csv),
  FILE_ENTRY("entries/pandax4t-8b/experiment.yaml", entries_pandax4t_8b_experiment_yaml),
  FILE_ENTRY("entries/supercdms/REFERENCE", entries_supercdms_reference),
  FILE_ENTRY("entries/supercdms/experiment.yaml", entries_supercdms_experiment_yaml),
  FILE_ENTRY("entries/supercdms/germanium-electron.csv", entries_supercdms_germanium_electron_csv),
  FILE_ENTRY("entries/supercdms/germanium-nuclear.csv", entries_supercdms_germanium_nuclear_csv),
  FILE_ENTRY("entries/supercdms/silicon-electron.csv", entries_supercdms_silicon_electron_csv),
  FILE_ENTRY("entries/supercdms/silicon-nuclear.csv", entries_supercdms_silicon_nuclear_csv),
  FILE_ENTRY("entries/texono/REFERENCE", entries_texono_reference),
  FILE_ENTRY("entries/texono/experiment.yaml", entries_texono_experiment_yaml),
  FILE_ENTRY("entries/texono/validation.yaml", entries_texono_validation_yaml),
  FILE_ENTRY("entries/xenon1t-8b/REFERENCE", entries_xenon1t_8b_reference),
  FILE_ENTRY("entries/xenon1t-8b/efficiency.csv", entries_xenon1t_8b_efficiency_csv),
  FILE_ENTRY("entries/xenon1t-8b/experiment.yaml", entries_xenon1t_8b_experiment_yaml),
  FILE_ENTRY("entries/xenon1t-8b/validation.yaml", entries_xenon1t_8b_validation_yaml),
  FILE_ENTRY("entries/xenon1t-er/REFERENCE", entries_xenon1t_er_reference),
  FILE_ENTRY("entries/xenon1t-er/atomic-correction.csv", entries_xenon1t_er_atomic_correction_csv),
  FILE_ENTRY("entries/xenon1t-er/efficiency.csv", entries_xenon1t_er_efficiency_csv),
  FILE_ENTRY("entries/xenon1t-er/experiment.yaml", entries_xenon1t_er_experiment_yaml),
  FILE_ENTRY("entries/xenon1t-er/spectrum.csv", entries_xenon1t_er_spectrum_csv),
  FILE_ENTRY("entries/xenon1t-er/validation.yaml", entries_xenon1t_er_validation_yaml),
  FILE_ENTRY("entries/xenon1t-s2only/REFERENCE", entries_xenon1t_s2only_reference),
  FILE_ENTRY("entries/xenon1t-s2only/bins.csv", entries_xenon1t_s2only_bins_csv),
  FILE_ENTRY("entries/xenon1t-s2only/experiment.yaml", entries_xenon1t_s2only_experiment_yaml),
  FILE_ENTRY("entries/xenon1t-s2only/matrix-electron.csv", entries_xenon1t_s2only_matrix_electron_csv),
  FILE_ENTRY("entries/xenon1t-s2only/matrix-nuclear.csv", entries_xenon1t_s2only_matrix_nuclear_csv),
  FILE_ENTRY("entries/xenon1t-s2only/validation.yaml", entries_xenon1t_s2only_validation_yaml),
  FILE_ENTRY("entries/xenonnt-1t-nr/REFERENCE", entries_xenonnt_1t_nr_reference),
  FILE_ENTRY("entries/xenonnt-1t-nr/experiment.yaml", entries_xenonnt_1t_nr_experiment_yaml),
  FILE_ENTRY("entries/xenonnt-1t-nr/validation.yaml", entries_xenonnt_1t_nr_validation_yaml),
  FILE_ENTRY("entries/xenonnt-8b/REFERENCE", entries_xenonnt_8b_reference),
  FILE_ENTRY("entries/xenonnt-8b/bins-sr2.csv", entries_xenonnt_8b_bins_sr2_csv),
  FILE_ENTRY("entries/xenonnt-8b/bins.csv", entries_xenonnt_8b_bins_csv),
  FILE_ENTRY("entries/xenonnt-8b/experiment.yaml", entries_xenonnt_8b_experiment_yaml),
  FILE_ENTRY("entries/xenonnt-8b/matrix-sr2.csv", entries_xenonnt_8b_matrix_sr2_csv),
  FILE_ENTRY("entries/xenonnt-8b/matrix-template-2024.csv", entries_xenonnt_8b_matrix_template_2024_csv),
  FILE_ENTRY("entries/xenonnt-8b/matrix.csv", entries_xenonnt_8b_matrix_csv),
  FILE_ENTRY("entries/xenonnt-8b/validation.yaml", entries_xenonnt_8b_validation_yaml),
  FILE_ENTRY("entries/xenonnt-er-sr0/REFERENCE", entries_xenonnt_er_sr0_reference),
  FILE_ENTRY("entries/xenonnt-er-sr0/atomic-correction.csv", entries_xenonnt_er_sr0_atomic_correction_csv),
  FILE_ENTRY("entries/xenonnt-er-sr0/efficiency.csv", entries_xenonnt_er_sr0_efficiency_csv),
  FILE_ENTRY("entries/xenonnt-er-sr0/experiment.yaml", entries_xenonnt_er_sr0_experiment_yaml),
  FILE_ENTRY("entries/xenonnt-er-sr0/free-electrons.csv", entries_xenonnt_er_sr0_free_electrons_csv),
  FILE_ENTRY("entries/xenonnt-er-sr0/spectrum.csv", entries_xenonnt_er_sr0_spectrum_csv),
  FILE_ENTRY("entries/xenonnt-er-sr0/validation.yaml", entries_xenonnt_er_sr0_validation_yaml),
  FILE_ENTRY("entries/xenonnt-s2only/REFERENCE", entries_xenonnt_s2only_reference),
  FILE_ENTRY("entries/xenonnt-s2only/bins.csv", entries_xenonnt_s2only_bins_csv),
  FILE_ENTRY("entries/xenonnt-s2only/experiment.yaml", entries_xenonnt_s2only_experiment_yaml),
  FILE_ENTRY("entries/xenonnt-s2only/matrix.csv", entries_xenonnt_s2only_matrix_csv),
  FILE_ENTRY("entries/xenonnt-s2only/validation.yaml", entries_xenonnt_s2only_validation_yaml),
  FILE_ENTRY("library/REFERENCE", library_reference),
  FILE_ENTRY("library/electron-levels.csv", library_electron_levels_csv),
  FILE_ENTRY("library/isotopes.csv", library_isotopes_csv),
  FILE_ENTRY("library/reactor/bestiole-2023.csv", library_reactor_bestiole_2023_csv),
  FILE_ENTRY("library/reactor/capture-bestiole-2023.csv", library_reactor_capture_bestiole_2023_csv),
  FILE_ENTRY("library/reactor/energy-per-fission.csv", library_reactor_energy_per_fission_csv),
  FILE_ENTRY("library/reactor/huber-mueller.csv", library_reactor_huber_mueller_csv),
  FILE_ENTRY("library/reactor/kopeikin-2012.csv", library_reactor_kopeikin_2012_csv),
  FILE_ENTRY("library/solar/fluxes.csv", library_solar_fluxes_csv),
  FILE_ENTRY("library/solar/lines.csv", library_solar_lines_csv),
  FILE_ENTRY("library/solar/production-b8.csv", library_solar_production_b8_csv),
  FILE_ENTRY("library/solar/production-be7.csv", library_solar_production_be7_csv),
  FILE_ENTRY("library/solar/production-f17.csv", library_solar_production_f17_csv),
  FILE_ENTRY("library/solar/production-hep.csv", library_solar_production_hep_csv),
  FILE_ENTRY("library/solar/production-n13.csv", library_solar_production_n13_csv),
  FILE_ENTRY("library/solar/production-o15.csv", library_solar_production_o15_csv),
  FILE_ENTRY("library/solar/production-pep.csv", library_solar_production_pep_csv),
  FILE_ENTRY("library/solar/production-pp.csv", library_solar_production_pp_csv),
  FILE_ENTRY("library/solar/spectrum-b8.csv", library_solar_spectrum_b8_csv),
  FILE_ENTRY("library/solar/spectrum-f17.csv", library_solar_spectrum_f17_csv),
  FILE_ENTRY("library/solar/spectrum-hep.csv", library_solar_spectrum_hep_csv),
  FILE_ENTRY("library/solar/spectrum-n13.csv", library_solar_spectrum_n13_csv),
  FILE_ENTRY("library/solar/spectrum-o15.csv", library_solar_spectrum_o15_csv),
  FILE_ENTRY("library/solar/spectrum-pp.csv", library_solar_spectrum_pp_csv),
  FILE_ENTRY("published/REFERENCE", published_reference),
  FILE_ENTRY("published/bbn.csv", published_bbn_csv),
  FILE_ENTRY("published/borexino-sk.csv", published_borexino_sk_csv),
  FILE_ENTRY("published/borexino.csv", published_borexino_csv),
  FILE_ENTRY("published/charm-ii.csv", published_charm_ii_csv),
  FILE_ENTRY("published/donut.csv", published_donut_csv),
  FILE_ENTRY("published/index.csv", published_index_csv),
  FILE_ENTRY("published/lep.csv", published_lep_csv),
  FILE_ENTRY("published/lsnd.csv", published_lsnd_csv),
  FILE_ENTRY("published/miniboone.csv", published_miniboone_csv),
  FILE_ENTRY("published/nomad.csv", published_nomad_csv),
  FILE_ENTRY("published/sk-atmospheric-e.csv", published_sk_atmospheric_e_csv),
  FILE_ENTRY("published/sk-atmospheric-mu.csv", published_sk_atmospheric_mu_csv),
  FILE_ENTRY("published/sk-atmospheric-tau.csv", published_sk_atmospheric_tau_csv),
  FILE_ENTRY("published/sn1987a-lower.csv", published_sn1987a_lower_csv),
  FILE_ENTRY("published/sn1987a-upper.csv", published_sn1987a_upper_csv),
  FILE_ENTRY("published/xenon1t.csv", published_xenon1t_csv),
  FILE_ENTRY("validation/statements.yaml", validation_statements_yaml),
};

const catalogue_file_t *catalogue_file(int index) {
  const int count = (int)(sizeof table / sizeof *table);
  return index >= 0 && index < count ? &table[index] : NULL;
}
