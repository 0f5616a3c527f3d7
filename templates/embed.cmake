# SPDX-License-Identifier: Apache-2.0
# Writes the files in FILES as C arrays to OUT (see templates/library.h).
set(arrays "")
set(rows "")
set(number 0)
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char file_${number}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", (const char *)file_${number}, sizeof file_${number} - 1},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUT}" "/* generated from templates/library */\n#include \"templates/library.h\"\n${arrays}
static const struct library_template rows[] = {\n${rows}    {0, 0, 0}};
const struct library_template *library_templates(size_t *count)
{
    *count = sizeof rows / sizeof *rows - 1;
    return rows;
}
")
