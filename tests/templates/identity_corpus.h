/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_TEMPLATES_IDENTITY_CORPUS_H
#define JIG_TESTS_TEMPLATES_IDENTITY_CORPUS_H
/*
 * The identity of every published file of the corpus, read off folder, name and content by hand.
 * A path ends with `name` and one of the endings; `second` is the other template of the file.
 */
struct expected_identity {
    const char *name;
    const char *endings;
    const char *identity; /* family and label */
    const char *second;   /* NULL: the file has one template or sample */
};

/* clang-format off */
static const struct expected_identity corpus_identities[] = {
    {"/1/0/1/IDTA 02058-1-0-1_Template_AIDataset", "aasx json", "idta-02058 1.0.1", NULL},
    {"/1/0/1/IDTA 02058-1-0-1_Template_AIDataset_forAASMetamodelV3.1", "aasx json", "idta-02058 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02058-1-0_Template_AIDataset", "aasx json", "idta-02058 1.0", NULL},
    {"/1/0/1/IDTA 02017-1-0-1_Template_Asset Interfaces Description", "aasx json", "idta-02017 1.0.1", NULL},
    {"/1/0/1/IDTA 02017-1-0-1_Template_Asset Interfaces Description_forAASMetamodelV3.1", "aasx json", "idta-02017 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02017-1-0_Template_Asset Interfaces Description", "aasx json", "idta-02017 1.0", NULL},
    {"/1/1/IDTA 02017-1-1_Template_Asset Interfaces Description", "aasx json", "idta-02017 1.1", NULL},
    {"/1/0/1/IDTA 02027-1-0-1_Template_AIMC", "aasx json", "idta-02027 1.0.1", NULL},
    {"/1/0/1/IDTA 02027-1-0-1_Template_AIMC_forAASMetamodelV3.1", "aasx json", "idta-02027 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02027-1-0_Template_AIMC ", "json", "idta-02027 1.0", NULL},
    {"/1/0/IDTA 02027-1-0_Template_AIMC", "aasx", "idta-02027 1.0", NULL},
    {"/2/0/IDTA 02027_Template_AIMC", "aasx json", "idta-02027 2.0", NULL},
    {"/2/0/IDTA 02027_Template_AIMC_without_examplevalues", "json", "idta-02027 2.0+without-examplevalues", NULL},
    {"/1/0/IDTA 02020_Template_Capability_Description", "aasx json", "idta-02020 1.0", NULL},
    {"/1/0/1/IDTA 02023-1-0-1 _Template_CarbonFootprint", "aasx json", "idta-02023 1.0.1", NULL},
    {"/1/0/1/IDTA 02023-1-0-1 _Template_CarbonFootprint_forAASMetamodelV3.1", "aasx json", "idta-02023 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02023 _Template_CarbonFootprint", "aasx json", "idta-02023 1.0", NULL},
    {"/1/0/1/IDTA 02002-1-0-1_Template_ContactInformation", "aasx json", "idta-02002 1.0.1", NULL},
    {"/1/0/1/IDTA 02002-1-0-1_Template_ContactInformation_forAASMetamodelV3.1", "aasx json", "idta-02002 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02002-1-0_Template_ContactInformation", "aasx json", "idta-02002 1.0", NULL},
    {"/1/0/1/IDTA 02053-1-0-1_Template_ControlConfig", "aasx json", "idta-02053 1.0.1", NULL},
    {"/1/0/1/IDTA 02053-1-0-1_Template_ControlConfig_forAASMetamodelV3.1", "aasx json", "idta-02053 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02053-1-0_Template_ControlConfig", "aasx json", "idta-02053 1.0", NULL},
    {"/1/0/1/IDTA 02034-1-0-1 Template_BackendSpecificMaterialInformation", "aasx json", "idta-02034 1.0.1", NULL},
    {"/1/0/1/IDTA 02034-1-0-1 Template_BackendSpecificMaterialInformation_forAASMetamodelV3.1", "aasx json", "idta-02034 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02034-1-0 Template_BackendSpecificMaterialInformation", "aasx json", "idta-02034 1.0", NULL},
    {"/1/0/1/IDTA 02045-1-0-1_Template_DataModelForAssetLocation", "aasx json", "idta-02045 1.0.1", NULL},
    {"/1/0/1/IDTA 02045-1-0-1_Template_DataModelForAssetLocation_forAASMetamodelV3.1", "aasx json", "idta-02045 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02045-1-0_Template_DataModelForAssetLocation", "aasx json", "idta-02045 1.0", NULL},
    {"/3/0/1/IDTA 02006-3-0-1_Template_Digital Nameplate", "aasx json", "idta-02006 3.0.1", NULL},
    {"/3/0/IDTA 02006-3-0_Template_Digital Nameplate", "aasx json", "idta-02006 3.0", NULL},
    {"/2/0/1/IDTA 02004-2-0-1_Template_HandoverDocumentation", "aasx json", "idta-02004 2.0.1", NULL},
    {"/2/0/1/IDTA 02004-2-0-1_Template_HandoverDocumentation__forAASMetamodelV3.1", "aasx json", "idta-02004 2.0.1+aas-3.1", NULL},
    {"/2/0/1/IDTA 02004-2-0-1_Template_sample_HandoverDocumentation_forAASMetamodelV3.1", "aasx", "idta-02004 2.0.1+aas-3.1+sample", NULL},
    {"/2/0/1/IDTA 02004-2-0_Template_sample_HandoverDocumentation", "aasx", "idta-02004 2.0.1+sample", NULL},
    {"/2/0/IDTA 02004-2-0_Example_HandoverDocumentation", "aasx json", "idta-02004 2.0+sample", NULL},
    {"/2/0/IDTA 02004-2-0_Template_HandoverDocumentation", "aasx json", "idta-02004 2.0", NULL},
    {"/1/1/1/IDTA 02011-1-1-1_Template_HSEBoM", "aasx json", "idta-02011 1.1.1", NULL},
    {"/1/1/1/IDTA 02011-1-1-1_Template_HSEBoM_forAASMetamodelV3.1", "aasx json", "idta-02011 1.1.1+aas-3.1", NULL},
    {"/1/1/IDTA 02011-1-1_Template_HSEBoM", "aasx json", "idta-02011 1.1", NULL},
    {"/1/0/1/IDTA 02011-1-1-1 _Template_BoM_ExtensionbasedonIEC81346", "aasx json", "idta-02011-1 1.0.1", NULL},
    {"/1/0/1/IDTA 02011-1-1-1 _Template_BoM_ExtensionbasedonIEC81346_forAASMetamodelV3.1", "aasx json", "idta-02011-1 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02011-1_Template_BoM_ExtensionbasedonIEC81346", "aasx json", "idta-02011-1 1.0", NULL},
    {"/1/0/1/IDTA_02001-1-0-1_Submodel_MTPv1.0-rc2-with-documentation1_en", "aasx json", "idta-02001 1.0.1", "idta-02001.processequipmentassembly 1.0.1"},
    {"/1/0/1/IDTA_02001-1-0-1_Submodel_MTPv1.0-rc2-with-documentation1_en_forAASMetamodelV3.1", "aasx json", "idta-02001 1.0.1+aas-3.1", "idta-02001.processequipmentassembly 1.0.1+aas-3.1"},
    {"/1/0/IDTA 02001-1-0_Subomdel_MTPv1.0-rc2-with-documentation", "json", "idta-02001 1.0", "idta-02001.processequipmentassembly 1.0"},
    {"/1/0/IDTA_02018_Template_MaintenanceInstructions", "aasx json", "idta-02018 1.0", NULL},
    {"/1/0/1/IDTA 02019-1-0-1_Template_PlantAssetManagement", "aasx json", "idta-02019 1.0.1", NULL},
    {"/1/0/IDTA 02019-1-0-1_Template_PlantAssetManagement_forAASMetamodelV3.1", "aasx json", "idta-02019 1.0.1+aas-3.1", NULL},
    {"/1/0/IDTA 02019-1-0_Template_PlantAssetManagement", "aasx json", "idta-02019 1.0", NULL},
    {"/1/0/IDTA 02048_Template_PredictiveMaintenance", "aasx json", "idta-02048 1.0", NULL},
    {"/1/0/IDTA 02048_Template_PredictiveMaintenance_forAASMetamodelV3.1", "aasx json", "idta-02048 1.0+aas-3.1", NULL},
    {"/1/0/IDTA 02031-2_Template_ProcessParameters_Instance", "aasx json", "idta-02031-2 1.0", NULL},
    {"/1/0/IDTA 02031-2_Template_ProcessParameters_Instance_forAASMetamodelV3.1", "aasx json", "idta-02031-2 1.0+aas-3.1", NULL},
    {"/1/0/IDTA 02031-1_Template_ProcessParameters_Type", "aasx json", "idta-02031-1 1.0", NULL},
    {"/1/0/IDTA 02031-1_Template_ProcessParameters_Type_forAASMetamodelV3.1", "aasx json", "idta-02031-1 1.0+aas-3.1", NULL},
    {"/1/0/IDTA 02067_Template_ProductionCalendar", "aasx json", "idta-02067 1.0", NULL},
    {"/1/0/IDTA 02067_Template_ProductionCalendar_forAASMetamodelV3.1", "aasx json", "idta-02067 1.0+aas-3.1", NULL},
    {"/1/0/IDTA-02050_Template_PurchaseOrder", "aasx json", "idta-02050 1.0", NULL},
    {"/1/0/IDTA-02050_Template_PurchaseOrder_forAASMetamodelV3.1", "aasx json", "idta-02050 1.0+aas-3.1", NULL},
    {"/1/0/IDTA_02049_Template_QualityControlForMachining", "aasx json", "idta-02049 1.0", NULL},
    {"/2/0/1/IDTA 02003_2-0-1_Template_TechnicalData", "aasx json", "idta-02003 2.0.1", NULL},
    {"/2/0/1/IDTA 02003_2-0-1_Template_TechnicalData_forAASMetamodelV3.1", "aasx json", "idta-02003 2.0.1+aas-3.1", NULL},
    {"/2/0/1/IDTA 02003_Sample_TechnicalData", "aasx", "idta-02003 2.0.1+sample", NULL},
    {"/2/0/1/IDTA 02003_Sample_TechnicalData_forAASMetamodelV3.1", "aasx", "idta-02003 2.0.1+aas-3.1+sample", NULL},
    {"/2/0/IDTA 02003_Sample_TechnicalData", "aasx json", "idta-02003 2.0+sample", NULL},
    {"/2/0/IDTA 02003_Template_TechnicalData", "aasx json", "idta-02003 2.0", NULL},
    {"/1/1/1/IDTA 02008-1-1-1_Template_TimeSeriesData", "aasx json", "idta-02008 1.1.1", NULL},
    {"/1/1/1/IDTA 02008-1-1-1_Template_TimeSeriesData_forAASMetamodelV3.1", "aasx json", "idta-02008 1.1.1+aas-3.1", NULL},
    {"/1/1/1/IDTA 02008-1-1-1_Template_withOperations_TimeSeriesData", "aasx json", "idta-02008 1.1.1+with-operations", NULL},
    {"/1/1/1/IDTA 02008-1-1-1_Template_withOperations_TimeSeriesData_forAASMetamodelV3.1", "aasx json", "idta-02008 1.1.1+aas-3.1+with-operations", NULL},
    {"/1/1/IDTA 02008-1-1_Template_TimeSeriesData", "aasx json", "idta-02008 1.1", NULL},
    {"/1/1/IDTA 02008-1-1_Template_withOperations_TimeSeriesData", "aasx json", "idta-02008 1.1+with-operations", NULL},
};
/* clang-format on */

#endif
