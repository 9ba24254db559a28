# Reference pages: as new ones in Markdown and for man, and those that people have written in.

pages=$here/pages
lamp=$pages/lamp.abigen

check "writes pages in Markdown" "$abigen" --markdown "$work/pages.md" "$lamp"
check_same "... as expected" "$here/golden/pages.md" "$work/pages.md"
check "writes pages for man" "$abigen" --man "$work/pages.man" "$lamp"
check_same "... as expected" "$here/golden/pages.man" "$work/pages.man"
check "writes a page for each call" "$abigen" --markdown "$work/md/" --man "$work/man/" "$lamp"
check "... but none for variants" sh -c '
	cd "$1" && cat md/*.md | cmp - pages.md && cat man/*.2 | cmp - pages.man' - "$work"

# lint NAME FILE...: no warnings from the formatters of manual pages.
lint()
{
	lint_name=$1
	shift
	if command -v mandoc >/dev/null; then
		check "mandoc accepts $lint_name" sh -c '
			test -z "$(mandoc -Tlint -Wwarning "$@" 2>&1 | tee /dev/stderr)"' - "$@"
	else
		skip "mandoc accepts $lint_name" "mandoc is not installed"
	fi
	if command -v groff >/dev/null; then
		check "groff accepts $lint_name" sh -c '
			for f; do groff -Kutf8 -man -ww -Tutf8 "$f" 2>&1 >/dev/null; done |
				tee /dev/stderr | cmp - /dev/null' - "$@"
	else
		skip "groff accepts $lint_name" "groff is not installed"
	fi
}

lint "the manual pages" "$work"/man/*.2
check "writes manual pages of our calls" "$abigen" --man "$work/abi-man/" "$root/abi"
lint "the manual pages of our calls" "$work"/abi-man/*.2
lint "abigen.1" "$root/docs/man/abigen.1"
check "abigen.1 names every option" sh -c '
	"$1" --help | grep -o -e "^  --[a-z-]*" | while read -r option; do
		sed "s/\\\\-/-/g" "$2" | grep -q -e "$option\\b" || { echo "$option"; exit 1; }
	done' - "$abigen" "$root/docs/man/abigen.1"

# The pages of a folder, as they are to be.
docs=$work/docs
mkdir "$docs"
check_status "makes pages" 0 "$abigen" --update-docs "$docs" --generate-missing "$lamp"
check "... and tells which" sh -c '
	test "$(wc -l <"$1")" -eq 11 && grep -qx "$2/lamp_wait.md: made" "$1"' - "$work/out" "$docs"
check "... like those of --markdown" diff -r "$work/md" "$docs"
check_status "new pages are not stale" 0 "$abigen" --update-docs "$docs" --check "$lamp"
check "... nor is anything said" test ! -s "$work/out" -a ! -s "$work/err"
touch -d 2020-01-01 "$docs"/*.md
check_status "pages that are as they should be are left alone" 0 \
	"$abigen" --update-docs "$docs/" --generate-missing "$lamp"
check "... untouched" sh -c 'test -z "$(find "$1" -name "*.md" -newermt 2020-01-02)" &&
	test ! -s "$2" -a ! -s "$3"' - "$docs" "$work/out" "$work/err"

# update NAME WHAT: bring $docs/lamp_light.md up to date. WHAT is what should be said of it, with a
# first line for standard output and the others for standard error.
update()
{
	printf '%s\n' "$2" | sed "s|^[a-z_]*\.md:|$docs/&|" | grep -v '^$' >"$work/want"
	cp "$docs/lamp_light.md" "$work/before.md"
	check "$1" sh -c '
		"$1" --update-docs "$2" "$3" >"$4/out" 2>"$4/err" &&
		cat "$4/out" "$4/err" | diff -u "$4/want" -' - "$abigen" "$docs" "$lamp" "$work"
	cp "$docs/lamp_light.md" "$work/after.md"
	check_status "... once and for all" 0 "$abigen" --update-docs "$docs" "$lamp"
	check "... changing nothing the second time" cmp "$work/after.md" "$docs/lamp_light.md"
}

# stale NAME WHAT: --check says WHAT about $docs, and changes nothing.
stale()
{
	printf '%s\n' "$2" | sed "s|DIR/|$docs/|g" >"$work/want"
	cksum "$docs"/* >"$work/sums" 2>/dev/null
	check_status "$1" 3 "$abigen" --update-docs "$docs" --check "$lamp"
	check "... and says so" diff -u "$work/want" "$work/err"
	check "... and changes nothing" sh -c 'cksum "$1"/* 2>/dev/null | cmp - "$2"' - \
		"$docs" "$work/sums"
}

page=$docs/lamp_light.md
fresh=$work/md/lamp_light.md

# edit COMMAND: the fresh page of lamp_light, edited by sed.
edit()
{
	sed "$1" "$fresh" >"$page"
}

edit '1s/.*/# lamp_light/'
stale "--check finds an old title" "DIR/lamp_light.md: title is stale"
update "renews the title" "lamp_light.md: updated title"
check "... as it was" cmp "$fresh" "$page"
edit 's/^lamp_light - .*/lamp_light - Darken a lamp./'
stale "--check finds an old name" "DIR/lamp_light.md: NAME is stale"
update "renews NAME" "lamp_light.md: updated NAME"
check "... as it was" cmp "$fresh" "$page"
edit 's/uint16_t level/uint8_t level/'
stale "--check finds an old prototype" "DIR/lamp_light.md: SYNOPSIS is stale"
update "renews SYNOPSIS" "lamp_light.md: updated SYNOPSIS"
check "... as it was" cmp "$fresh" "$page"
edit '/^If \*options/d'
stale "--check finds old rights" "DIR/lamp_light.md: RIGHTS is stale"
update "renews RIGHTS" "lamp_light.md: updated RIGHTS"
check "... as it was" cmp "$fresh" "$page"
edit 's/no valid handle/a candle/'
stale "--check finds old errors" "DIR/lamp_light.md: ERRORS is stale"
update "renews ERRORS" "lamp_light.md: updated ERRORS"
check "... as it was" cmp "$fresh" "$page"
edit 's/^In 2018-10 and .*/In 2018-10 the call had another form:/'
stale "--check finds old eras" "DIR/lamp_light.md: ERAS is stale"
update "renews ERAS" "lamp_light.md: updated ERAS"
check "... as it was" cmp "$fresh" "$page"
edit '/: candle_blow_out.md$/d'
check_status "--check without a folder to read is an error, no stale page" 1 \
	"$abigen" --update-docs "$work/no/such/folder" --check "$lamp"
stale "--check finds missing references" "DIR/lamp_light.md: references are stale"
update "renews references" "lamp_light.md: updated references"
check "... as they were" cmp "$fresh" "$page"

# What people wrote.
edit 's/^It burns until/It glows (see [`zx_path_walk()`]) until/; s/ - \[`zx_lamp_wait.*//'
update "people's text is theirs, and its references are found" "lamp_light.md: updated references"
check "... also those that are gone" sh -c '
	grep -q "^..zx_path_walk().]: path_walk.md$" "$1" && ! grep -q zx_lamp_wait "$1"' - "$page"
cp "$pages/old.md" "$page"
update "an old page gets what Zircon's tool gave it" \
	"lamp_light.md: updated title, NAME, SYNOPSIS, RIGHTS, references"
check_same "... as expected" "$here/golden/old.md" "$page"
sed -n '/^## ERRORS/,$p' "$pages/old.md" >"$work/people"
check "... and keeps what people wrote" sh -c '
	sed -n "/^## ERRORS/,\$p" "$1" | head -c "$(wc -c <"$2")" | cmp - "$2"' - "$page" "$work/people"

# Bytes of every kind but NUL, which nobody writes into a page.
{
	sed '/^## RIGHTS/,$d' "$fresh"
	echo "## NOTES"
	head -c 5000 /dev/urandom | tr -d '\000`~#'
	printf '\n'
	sed -n '/^## RIGHTS/,$p' "$fresh"
} >"$page"
cp "$page" "$work/random.md"
sed -i 's/^lamp_light - .*/lamp_light - Darken a lamp./' "$page"
update "bytes of every kind are kept" "lamp_light.md: updated NAME"
check "... every one" cmp "$work/random.md" "$page"

references=$(grep '^<!-- References' "$fresh")

# Ends of lines.
sed 's/$/\r/' "$fresh" >"$work/crlf.md"
sed 's/uint16_t level/uint8_t level/; /path_walk/d; /candle_blow_out.md/d' "$work/crlf.md" >"$page"
update "a page with CRLF keeps it" "lamp_light.md: updated SYNOPSIS, references"
check "... in each line" cmp "$work/crlf.md" "$page"
printf '%s' "$(cat "$fresh")" >"$work/bare.md"
sed 's/uint16_t level/uint8_t level/' "$work/bare.md" >"$page"
update "a last line without an end stays one" "lamp_light.md: updated SYNOPSIS"
check "... byte for byte" cmp "$work/bare.md" "$page"
sed '/^<!-- References/,$d; s/\[\(`[^`]*`\)\]/\1/' "$fresh" >"$work/text.md"
printf '%s' "$(cat "$work/text.md")" >"$page"
update "without links there are no references" ""
{ cat "$work/text.md"; printf '%s\n\n[`zx_lamp_wait()`]: lamp_wait.md\n' \
	"$references"; } >"$page"
update "references that nothing needs go" "lamp_light.md: updated references"
check "... with their blank line" sh -c 'printf "%s\n" "$(cat "$1")" | cmp - "$2"' - \
	"$work/text.md" "$page"
edit '$a\
\
Last words.'
update "text behind the references is people's" ""
edit '/: [a-z_]*.md$/d; s/\[\(`[^`]*`\)\]/\1/'
echo 'Last words.' >>"$page"
update "... and never part of a section" ""
check "... but stays" grep -qx 'Last words.' "$page"

{
	sed '/^<!-- References/,$d; /^## RIGHTS/,/^## RETURN/{/^## RETURN/!d;}' "$fresh"
	sed -n '/^<!-- References/,$p' "$fresh"
	printf '\n'
	sed -n '/^## RIGHTS/,/WAIT\*\*/p' "$fresh"
} >"$page"
update "a section behind the references is one too" ""
sed -i 's/WAIT\*\*/READ**/' "$page"
update "... and renewed" "lamp_light.md: updated RIGHTS"
{ sed 1q "$work/text.md"; printf '\nx\n\n%s\n\n' \
	"$references"; sed 1,2d "$work/text.md"; } >"$page"
update "references before sections go" "lamp_light.md: updated references"
check "... and nothing else" sh -c '{ sed 1q "$1"; printf "\nx\n\n"; sed 1,2d "$1"; } |
	cmp - "$2"' - "$work/text.md" "$page"

# Where a marker decides.
edit '/^## ERRORS/,/^## SEE/{/^<!-- Updated/d;}
s/no valid handle/a candle/; s/^From 2018-07.*/Always./'
update "without the marker ERRORS and ERAS are people's" ""
printf '# %s\n\n## NAME\n\nx\n\n## SYNOPSIS\n\n## RIGHTS\n\nAny.\n' zx_candle_count \
	>"$docs/candle_count.md"
check_status "a definition that says nothing of rights" 0 "$abigen" --update-docs "$docs" "$lamp"
check "... leaves them, and an old name, to people" sh -c '
	grep -qx "Any." "$1" && grep -qx x "$1"' - "$docs/candle_count.md"
cp "$work/md/candle_count.md" "$docs"

# Reports.
cp "$fresh" "$page"
rm "$docs/path_walk.md"
echo "# zx_lamp_smash" >"$docs/lamp_smash.md"
cp "$fresh" "$docs/lamp_light_2018_07.md"
echo "Lamps and candles." >"$docs/README.md"
echo "no page" >"$docs/notes.txt"
cp "$work/md/lamp_wait.md" "$docs/zx_lamp_wait.md"
printf 'NUL \000\n' >"$docs/lamp_put_out.md"
printf '# zx_candle_blow_out\n\n## NAME\n\n## NAME\n\n## RIGHT\n\n```\n## RIGHTS\n```\n' \
	>"$docs/candle_blow_out.md"
printf '# zx_candle_count\n\n```\n## NAME\n' >"$docs/candle_count.md"
: >"$docs/candle_get_maker.md"
printf '# zx_flame_with_five_arguments\n\n%s\n\n%s\n' "$references" "$references" \
	>"$docs/flame_with_five_arguments.md"
echo hidden >"$docs/.lamp_dark.md"
mkdir "$work/as-they-were"
cp "$docs"/* "$work/as-they-were"
stale "--check reports pages and calls" "$(cat "$pages/reports.txt")"
[ -z "${UPDATE:-}" ] || sed "s|$docs/|DIR/|g" "$work/err" >"$pages/reports.txt"
check_status "without --check these are warnings" 0 "$abigen" --update-docs "$docs" "$lamp"
check "... of the same text" sh -c 'grep -v " stale$" "$1" | diff -u - "$2"' - \
	"$work/want" "$work/err"
check "... and nothing is changed where it is not clear what is meant" \
	diff -r -x .lamp_dark.md "$work/as-they-were" "$docs"

# Links lead to the page that there is.
rm "$docs"/*
"$abigen" --update-docs "$docs" --generate-missing "$lamp" >/dev/null
mv "$docs/candle_blow_out.md" "$docs/zx_candle_blow_out.md"
update "references lead to the file that there is" "candle_count.md: updated references
candle_get_maker.md: updated references
lamp_light.md: updated references"
check "... by its name" grep -q ': zx_candle_blow_out.md$' "$page"
check_status "a page can be named after the symbol" 0 \
	"$abigen" --update-docs "$docs" --check "$lamp"

# Files.
chmod 640 "$page"
sed -i 's/^lamp_light - .*/lamp_light - Darken a lamp./' "$page"
update "a page is replaced" "lamp_light.md: updated NAME"
check "... and keeps its permissions" test "$(stat -c %a "$page")" = 640
mkdir "$work/elsewhere"
mv "$page" "$work/elsewhere/light.md"
ln -s ../elsewhere/light.md "$page"
sed -i 's/^lamp_light - .*/lamp_light - Darken a lamp./' "$work/elsewhere/light.md"
update "a page can be a link" "lamp_light.md: updated NAME"
check "... which stays" test -L "$page"
check "... to the new page" grep -q 'Light a lamp' "$work/elsewhere/light.md"
rm "$work/elsewhere/light.md"
sed -i 's/^lamp_wait - .*/lamp_wait - x/' "$docs/lamp_wait.md"
check_status "a link to nothing is an error" 1 "$abigen" --update-docs "$docs" "$lamp"
check "... with its name" grep -q 'lamp_light.md: No such file' "$work/err"
check "... and then no page is touched" grep -q '^lamp_wait - x' "$docs/lamp_wait.md"
rm "$page"
mkdir "$page"
check_status "a folder is no page" 1 "$abigen" --update-docs "$docs" "$lamp"
check_status "a folder that is not there is an error" 1 "$abigen" --update-docs "$work/no" "$lamp"
check "... with its name" grep -q "$work/no: No such file" "$work/err"
if [ "$(id -u)" -ne 0 ]; then
	rmdir "$page"
	cp "$fresh" "$page"
	chmod a-w "$docs"
	check_status "a folder that cannot be written is an error" 1 \
		"$abigen" --update-docs "$docs" "$lamp"
	check "... with the page's name" grep -q 'lamp_[a-z]*.md: Permission denied' "$work/err"
	chmod u+w "$docs"
else
	skip "a folder that cannot be written is an error" "root can write everywhere"
fi

# Zircon's own pages of 2019-01 were made by Zircon's tool from Zircon's definitions.
upstream=
IFS=:
for tree in ${ZIRCON_SRC:-}; do
	[ ! -f "$tree/scripts/update-docs-from-abigen" ] || upstream=$tree
done
unset IFS
if [ -n "$upstream" ]; then
	"$abigen" --update-docs "$upstream/docs/syscalls" --check \
		"$upstream/system/public/zircon/syscalls.abigen" 2>&1 |
		sed "s|$upstream/docs/syscalls/||" >"$work/upstream.txt"
	check_same "Zircon's pages differ in what is known" "$pages/upstream.txt" "$work/upstream.txt"
else
	skip "Zircon's pages differ in what is known" "no tree of ZIRCON_SRC has such pages"
fi
