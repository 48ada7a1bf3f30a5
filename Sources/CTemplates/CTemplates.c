#include "CTemplates.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// `#embed` (C23) puts the files into the binary at compile time: fast to build, nothing to find at run time.
static const unsigned char page_html[] = {
#embed "../../templates/page.html"
};
static const unsigned char icons_svg[] = {
#embed "../../templates/icons.svg"
};
static const unsigned char style_base[] = {
#embed "../../templates/style/base.css"
};
static const unsigned char style_inks[] = {
#embed "../../templates/style/inks.css"
};
static const unsigned char style_charts[] = {
#embed "../../templates/style/charts.css"
};
static const unsigned char style_findings[] = {
#embed "../../templates/style/findings.css"
};
static const unsigned char style_fields[] = {
#embed "../../templates/style/fields.css"
};
static const unsigned char style_waterfall[] = {
#embed "../../templates/style/waterfall.css"
};
static const unsigned char style_errors[] = {
#embed "../../templates/style/errors.css"
};
static const unsigned char style_latency[] = {
#embed "../../templates/style/latency.css"
};
static const unsigned char style_graph[] = {
#embed "../../templates/style/graph.css"
};
static const unsigned char style_dependencies[] = {
#embed "../../templates/style/dependencies.css"
};
static const unsigned char style_sampling[] = {
#embed "../../templates/style/sampling.css"
};
static const unsigned char style_print[] = {
#embed "../../templates/style/print.css"
};
static const unsigned char script_base[] = {
#embed "../../templates/script/base.js"
};
static const unsigned char script_terms[] = {
#embed "../../templates/script/terms.js"
};
static const unsigned char script_rows[] = {
#embed "../../templates/script/rows.js"
};
static const unsigned char script_waterfall[] = {
#embed "../../templates/script/waterfall.js"
};
static const unsigned char script_nights[] = {
#embed "../../templates/script/nights.js"
};

#define FILE_OF(name) (tracebook_file){name, sizeof name}

tracebook_file tracebook_page_html(void) { return FILE_OF(page_html); }
tracebook_file tracebook_icons_svg(void) { return FILE_OF(icons_svg); }
tracebook_file tracebook_style_base(void) { return FILE_OF(style_base); }
tracebook_file tracebook_style_inks(void) { return FILE_OF(style_inks); }
tracebook_file tracebook_style_charts(void) { return FILE_OF(style_charts); }
tracebook_file tracebook_style_findings(void) { return FILE_OF(style_findings); }
tracebook_file tracebook_style_fields(void) { return FILE_OF(style_fields); }
tracebook_file tracebook_style_waterfall(void) { return FILE_OF(style_waterfall); }
tracebook_file tracebook_style_errors(void) { return FILE_OF(style_errors); }
tracebook_file tracebook_style_latency(void) { return FILE_OF(style_latency); }
tracebook_file tracebook_style_graph(void) { return FILE_OF(style_graph); }
tracebook_file tracebook_style_dependencies(void) { return FILE_OF(style_dependencies); }
tracebook_file tracebook_style_sampling(void) { return FILE_OF(style_sampling); }
tracebook_file tracebook_style_print(void) { return FILE_OF(style_print); }
tracebook_file tracebook_script_base(void) { return FILE_OF(script_base); }
tracebook_file tracebook_script_terms(void) { return FILE_OF(script_terms); }
tracebook_file tracebook_script_rows(void) { return FILE_OF(script_rows); }
tracebook_file tracebook_script_waterfall(void) { return FILE_OF(script_waterfall); }
tracebook_file tracebook_script_nights(void) { return FILE_OF(script_nights); }
