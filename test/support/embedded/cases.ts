import type { BuildOptions } from "../../../src/core/base/buildOptions";

/** A Dockerfile that runs nothing. */
export interface EmbeddedCase {
  readonly name: string;
  readonly text: string;
  readonly options?: BuildOptions;
  /** Files whose times the build makes up. */
  readonly made?: readonly string[];
}

/** @param base the name of the odd base, and of the one with triggers */
export function embeddedCases(base: string, triggers: string): EmbeddedCase[] {
  const on = (name: string, lines: string, more: Partial<EmbeddedCase> = {}): EmbeddedCase => ({
    name,
    text: `FROM ${base}\n${lines}`,
    ...more,
  });
  return [
    { name: "everything on nothing", text: "FROM scratch\nCOPY . /\n" },
    on(
      "folders in all forms",
      "COPY src /one\nCOPY src/ /two/\nCOPY src /three/\nCOPY src/. /four\nCOPY src /app\nCOPY src /app/sub/\n" +
        "COPY static/css /five/six/seven\nCOPY src /dot/.\nCOPY empty /var/data/new\n",
    ),
    on(
      "files in all forms",
      "COPY a.txt /f1\nCOPY a.txt /d1/\nCOPY a.txt b.txt /d2/\nCOPY a.txt /app\nCOPY a.txt /etc/app.conf\n" +
        'COPY ["with space/file one.txt", "/d3/x y.txt"]\nCOPY run.sh setuid empty.txt /bin/\nCOPY a.txt /data/in\n' +
        "COPY a.txt /data\nCOPY a.txt /data/deep/er/\nCOPY ../a.txt ./../../b.txt /up/\n",
    ),
    on(
      "wildcards",
      "COPY conf.d/*.conf /etc/conf.d/\nCOPY src/l*/ /w1/\nCOPY src/lib/*/* /w2/\nCOPY *.txt /w3/\n" +
        "COPY s*/m*.py /w4/\nCOPY st?tic /w5\nCOPY nothing* /w6/\nCOPY [[]x]/odd.txt /w7/\n" +
        "COPY q\\?.txt /w8/\nCOPY [a-b].txt /w9/\n" +
        "COPY [^a].txt /w10/\n",
    ),
    on(
      "links of the context",
      "COPY link-file /l1\nCOPY link-dir /l2\nCOPY src /l3\nCOPY link-dir/main.py /l4/\n" +
        "COPY hard /l5\nCOPY src/up /l6/\n",
    ),
    on(
      "links at the destination",
      "COPY run.sh /bin/tool\nCOPY static /lib/static\nCOPY a.txt /opt/link/x\nCOPY a.txt /etc/conflink\n" +
        "COPY a.txt /opt/dangling\nCOPY src /opt/link/deep/\nCOPY a.txt /usr/lib/hl/one\n",
    ),
    on(
      "owners",
      "COPY --chown=app a.txt /c1/\nCOPY --chown=app:staff src /c2\nCOPY --chown=web:web static /c3/x/\n" +
        "COPY --chown=1000 a.txt /c4\nCOPY --chown=1000:50 a.txt /c5\nCOPY --chown=app:1 a.txt /c6\n" +
        "COPY --chown=:staff a.txt /c7\nCOPY --chown=nobody-here a.txt /c8\nCOPY --chown=root:staff a.txt /c9\n" +
        "COPY --chown=2000000:3000000 a.txt /c10\nCOPY --chown=app a.txt /data/c11/\n",
    ),
    on(
      "modes",
      "COPY --chmod=755 a.txt src /m1/\nCOPY --chmod=0640 b.txt /m2/n/o\nCOPY --chmod=u+x,go-r a.txt /m3\n" +
        "COPY --chmod=u=rwX,go=rX static /m4\nCOPY --chmod=4755 a.txt /m5\nCOPY --chmod=700 --chown=app src /m6\n" +
        "COPY --chmod=1777 empty /m7\nCOPY --chmod=a-w,+x run.sh /m8/\nCOPY --chmod=600 link-file hard/one /m9/\n" +
        "COPY --chmod=777 a.txt /m10/k/\n",
    ),
    on(
      "working directories",
      "WORKDIR /new/place\nWORKDIR rel\nWORKDIR /app\nUSER app\nWORKDIR /owned/by/app\nWORKDIR ./x/../y\n" +
        "WORKDIR /bin/w\nUSER 33:50\nWORKDIR /owned33\nUSER nobody-here\nWORKDIR /nb\nUSER root\nWORKDIR /data/in\n" +
        "WORKDIR /\nCOPY a.txt here/\nWORKDIR /tmp\nCOPY a.txt .\nCOPY src ./\n",
    ),
    on(
      "variables",
      "ENV A=1\nENV B=$A C=${A}x D=\"$A and '$B'\" E='$A' F=\\$A\nENV A=2 B=$A\nENV OLD style value with spaces\n" +
        "ENV G=${UNSET:-dflt} H=${A:+yes} I=${UNSET:+no} J=${UNSET-d2} K=${A-no} L=$FROM_BASE\n" +
        "ENV P=/usr/local/lib.tar.gz\n" +
        "ENV Q=${P##*/} R=${P%.*} S=${P%%.*} T=${P#/usr} U=${P/local/share} V=${P//l/L}\n" +
        'ENV PATH=/x:$PATH\nLABEL one=$A "two words"="v w" three=\'$A\' four="multi\\\nline"\nWORKDIR /$A/${B}\n' +
        "COPY a.txt ${Q}/$C/\n",
    ),
    {
      name: "arguments",
      text:
        `ARG BASE=${base}\nARG VER=1\nARG UNUSED\nFROM \${BASE} AS one\nARG VER\nARG LOCAL=l-$VER\nARG FROMENV\n` +
        "ENV X=$VER Y=$LOCAL Z=$FROMENV\nLABEL v=$VER l=$LOCAL\nCOPY a.txt /${LOCAL}/\nFROM one\nENV W=$LOCAL-$VER\n" +
        "ARG VER=9\nENV X2=$VER\nARG TARGETPLATFORM TARGETARCH\nENV P=$TARGETPLATFORM A=$TARGETARCH\nENV VER=5\n" +
        "ARG VER=6\nENV V3=$VER\n",
      options: { buildArgs: { VER: "7", FROMENV: "given", UNUSED: "u" }, labels: { by: "option" } },
    },
    {
      name: "several stages",
      text:
        `FROM ${base} AS build\nWORKDIR /out\nCOPY src .\nCOPY --chown=app:staff static /out/static\n` +
        `FROM scratch AS extra\nCOPY conf.d /conf\nFROM ${base}\nCOPY --from=build /out /app2\n` +
        "COPY --from=build --chown=web /out/static/ /www/\nCOPY --from=extra /conf/*.conf /etc/c/\n" +
        "COPY --from=0 /out/main.py /out/lib /mix/\nCOPY --from=build /etc/passwd /etc/app.conf /copied/\n" +
        "COPY --from=build /bin/tool-link /tools/\nCOPY --from=build /usr/lib/hl /hl\n",
    },
    {
      name: "files of an image",
      text:
        `FROM scratch\nCOPY --from=${base} /etc/passwd /etc/group /etc/\n` +
        `COPY --from=${base} /usr/bin/tool /bin/sh /bin/\n` +
        `COPY --from=${base} /app /app\nCOPY --from=${base} /data /data\nCOPY --from=${base} /gone /opt /rest/\n`,
    },
    { name: "triggers of the base", text: `FROM ${triggers}\nCOPY b.txt after/\n` },
    on("triggers for others", "ONBUILD COPY . /app/src\nONBUILD ENV X=1\nonbuild run echo  hi\nCMD x\n"),
    on(
      "here-documents",
      "ENV NAME=world\nCOPY <<EOF /h1/greeting.txt\nhello $NAME ${NAME:-x} \\$NAME \"quoted\" 'single'\nEOF\n" +
        'COPY <<"EOF" /h2\nraw $NAME\nEOF\n' +
        "COPY <<-TABS <<second.txt /h3/\n\tindented\n\t\ttwice\n\tTABS\nother\nsecond.txt\n" +
        "COPY --chmod=755 --chown=app <<run.sh /h4/\n#!/bin/sh\nrun.sh\nCOPY a.txt <<mixed.txt /h5/\nm\nmixed.txt\n" +
        "ADD <<EOF /h6\nadd\nEOF\n",
      {
        made: ["h1/greeting.txt", "h2", "h3/TABS", "h3/second.txt", "h4/run.sh", "h5/mixed.txt", "h6"],
      },
    ),
    on(
      "archives",
      "ADD plain.tar /\nADD packed.tar.gz /u1/\nADD packed.tar.gz /u2\nADD --chown=app:staff plain.tar /u3/\n" +
        "ADD fake.tar.gz /u4/\nADD a.txt src /u5/\nADD --unpack=false plain.tar /u6/\nADD plain.tar pax.tar /u7/x/\n",
    ),
    on(
      "settings",
      'LABEL a=1\nSHELL ["/bin/bash", "-c"]\nCMD echo $HOME "x y"\nENTRYPOINT start \\\n  --now\n' +
        'ENTRYPOINT ["/bin/e", "a\\"b"]\nUSER app:staff\nVOLUME /v1 /v2\nVOLUME ["/v3 x"]\nSTOPSIGNAL SIGQUIT\n' +
        "HEALTHCHECK --interval=90s --timeout=3s --start-period=1m30s --start-interval=500ms --retries=4 " +
        "CMD curl -f http://localhost/ || exit 1\nEXPOSE 80/tcp 443 53/UDP\nMAINTAINER me <me@x>\n" +
        'CMD ["a", "b\\u00e9\\n"]\n',
    ),
    on(
      "settings that take others back",
      `ENTRYPOINT ["x"]\nHEALTHCHECK NONE\nEXPOSE 8000-8003\nONBUILD USER x\nLABEL multi="a" other=b\nFROM ${base}\n` +
        'CMD []\nENTRYPOINT []\nHEALTHCHECK CMD ["a","b"]\n',
    ),
    on(
      "exclusions",
      "COPY --exclude=*.key --exclude=**/deep src /x1/\nCOPY --exclude=**/*.py --exclude=!**/util.py src /x2/\n" +
        "COPY --exclude=lib src/ /x3\nCOPY --exclude=node_modules pkg /x4\nADD --exclude=*.css static /x6/\n",
    ),
    on(
      "copies over copies",
      "COPY src /o\nCOPY --chown=app --chmod=700 src /o\nCOPY a.txt /o/main.py\nCOPY b.txt /o/dangling\n" +
        "COPY src/lib /o/lib\nCOPY --chown=web src/lib/deep /o/lib/deep/er\nCOPY static /app\n" +
        "COPY --link a.txt /k1/\nCOPY --link --chown=1000:1000 static /k2/\n",
    ),
    {
      name: "odd spellings",
      text:
        `# escape=\`\n# comment\nFROM ${base} as Final\n\ncopy a.txt \`\n  # inner comment\n  b.txt \`\n\n  /s1/\n` +
        'EnV x=a`$b\nWORKDIR \\w\nlabel "k k"=v` v\nCOPY ünï /uni\nCOPY long /long\n',
    },
    on("a setting alone", "ENV ONLY=config\n"),
    {
      name: "a target in front of a RUN",
      text: `FROM ${base} AS one\nCOPY a.txt /t1\nFROM one AS two\nCOPY b.txt /t2\nFROM two\nRUN false\n`,
      options: { target: "two" },
    },
    on("nothing that changes", "WORKDIR /tmp\nCOPY nothing* /tmp/\nCOPY empty /tmp/\nWORKDIR /etc\n"),
    on(
      "quotes",
      'COPY ["a.txt", "b.txt", "/j 1/"]\nCOPY \'a.txt\' "/j2"\nWORKDIR "/j 4"\nWORKDIR \'/j5\'\n' +
        'ENV A="a\\nb" B=\'a\\nb\' C=a\\\\b\nLABEL x="quote \\" in" y=\'it\'\'s\'\nUSER "app"\nVOLUME "/q" \'/q2\'\n',
    ),
    {
      name: "hard links over stages",
      text:
        `FROM ${base} AS a\nCOPY hard /hl\nCOPY --from=${base} /app/keep /hl/keep\n` +
        "FROM a AS b\nCOPY --from=a /hl /hl2\nFROM b\nCOPY --from=a /hl/one /hl/two /solo/\n" +
        "COPY --from=b /opt /opt-copy\n",
    },
    {
      name: "settings that stages share",
      text:
        `FROM ${base} AS a\nLABEL first=a\nEXPOSE 1\nFROM a AS b\nLABEL second=b\nEXPOSE 2\nVOLUME /b\n` +
        "COPY a.txt /b\nFROM a\nCOPY --from=b /b /c\nLABEL third=c\nVOLUME /c\n",
    },
    on("a platform", "ARG TARGETARCH TARGETVARIANT\nENV ON=$TARGETARCH$TARGETVARIANT\nCOPY a.txt /\n", {
      options: { platform: "linux/amd64" },
    }),
  ];
}

/** Dockerfiles that both refuse, or that are left to BuildKit. */
export function refusedCases(base: string): readonly (readonly [name: string, text: string])[] {
  return [
    ["a missing source", `FROM ${base}\nCOPY nowhere /x\n`],
    ["a folder over a file", `FROM ${base}\nCOPY a.txt /x\nCOPY src /x\n`],
    [
      "a folder over a link",
      `FROM ${base}\nCOPY --from=${base} /usr /\nCOPY --from=${base} /opt/real /opt/link/../link\nCOPY src /bin/sh/x\n`,
    ],
    ["a file over a folder", `FROM ${base}\nCOPY src/lib /q/main.py\nCOPY src /q\n`],
    ["an ignored source", `FROM ${base}\nCOPY kept-out/x /y\n`],
    ["an unknown instruction", `FROM ${base}\nCOPPY a b\n`],
    ["an unknown flag", `FROM ${base}\nCOPY --nope=1 a.txt /y\n`],
    ["a mode that is none", `FROM ${base}\nCOPY --chmod=99 a.txt /y\n`],
    ["a later stage", `FROM ${base}\nCOPY --from=later /a /y\nFROM ${base} AS later\nFROM 0\n`],
    ["a file as a folder", `FROM ${base}\nCOPY a.txt /etc/app.conf/x\n`],
    ["a variable that must be set", `FROM ${base}\nENV A=\${NOPE:?must be set}\n`],
    ["a link that leads nowhere", `FROM ${base}\nCOPY src/dangling /y/\n`],
    ["a wildcard in a missing folder", `FROM ${base}\nCOPY nodir/* /y/\n`],
    ["a port that is none", `FROM ${base}\nEXPOSE abc\n`],
    ["a signal that is none", `FROM ${base}\nSTOPSIGNAL SIGNOPE\n`],
    ["a user of an image without files", "FROM scratch\nUSER app\nWORKDIR /w\n"],
    ["a group of an image without files", "FROM scratch\nCOPY --chown=0:staff a.txt /\n"],
    ["a broken word", `FROM ${base}\nCOPY a.txt /\${X\n`],
  ];
}
