/* SPDX-License-Identifier: Apache-2.0 */
/* A file is replaced as a whole or stays as it was. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/whole_file.h"
#include "tests/api/command.h"

TestSuite(whole_file, .init = command_prepare, .fini = command_clean_up, .timeout = 30);

static char path[400];

static const char *in_folder(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", command_dir, name);
    return path;
}

static void write_it(const char *name, const char *text, enum err_code end)
{
    struct whole_file file;
    struct err err = {0};
    cr_assert_eq(whole_file_open(in_folder(name), &file, &err), ERR_OK, "%s", err.text);
    cr_assert_eq(fwrite(text, 1, strlen(text), file.stream), strlen(text));
    cr_expect_eq(whole_file_close(&file, end, &err), end);
}

static void expect_content(const char *name, const char *text)
{
    char read[100] = "";
    FILE *file = fopen(in_folder(name), "rb");
    cr_assert_not_null(file);
    (void)!fread(read, 1, sizeof read - 1, file);
    fclose(file);
    cr_expect_str_eq(read, text);
}

static size_t count_files(void)
{
    size_t count = 0;
    DIR *folder = opendir(command_dir);
    cr_assert_not_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

Test(whole_file, failure_leaves_the_old_file_and_nothing_beside_it)
{
    command_file("out.json", "old");
    size_t before = count_files();
    write_it("out.json", "half of the n", ERR_IO);
    expect_content("out.json", "old");
    write_it("new.json", "half", ERR_IO);
    cr_expect_eq(count_files(), before);
}

Test(whole_file, success_replaces_it_and_keeps_its_rights)
{
    struct stat st;
    command_file("out.json", "old and longer");
    cr_assert_eq(chmod(in_folder("out.json"), 0600), 0);
    size_t before = count_files();
    write_it("out.json", "new", ERR_OK);
    expect_content("out.json", "new");
    cr_assert_eq(stat(in_folder("out.json"), &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
    cr_expect_eq(count_files(), before);
}

Test(whole_file, link_stays_a_link)
{
    struct stat st;
    char to[400];
    command_file("real.json", "old");
    snprintf(to, sizeof to, "%s", in_folder("real.json"));
    cr_assert_eq(symlink(to, in_folder("link.json")), 0);
    write_it("link.json", "new", ERR_OK);
    cr_assert_eq(lstat(in_folder("link.json"), &st), 0);
    cr_expect(S_ISLNK(st.st_mode));
    expect_content("real.json", "new");
}

Test(whole_file, what_is_no_folder_is_told)
{
    struct whole_file file;
    struct err err = {0};
    cr_expect_eq(whole_file_open(in_folder("missing/out.json"), &file, &err), ERR_IO);
    cr_expect_not_null(strstr(err.text, "missing/out.json"));
    cr_expect_eq(whole_file_close(&file, ERR_IO, &err), ERR_IO);
}
