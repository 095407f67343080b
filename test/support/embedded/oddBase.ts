/** The Dockerfile of a base image with users, folders of other owners, and links of all kinds, `/bin` among them. */
export const oddBase = `FROM busybox:1.35 AS tools
FROM busybox:1.35 AS made
RUN mkdir -p /r/usr/bin /r/usr/lib/hl /r/usr/share /r/etc /r/app /r/var/data /r/opt/real /r/home \\
 && mkdir -p /r/tmp /r/root /r/gone && cd /r \\
 && ln -s usr/bin bin && ln -s usr/lib lib && ln -s var/data data && ln -s real opt/link \\
 && ln -s nowhere/at/all opt/dangling && ln -s app.conf etc/conflink && chmod 1777 tmp \\
 && cp /bin/busybox usr/bin/busybox && ln -s busybox usr/bin/sh \\
 && ln -s busybox usr/bin/rm && ln -s busybox usr/bin/mkdir \\
 && ln -s /usr/bin/busybox usr/bin/tool-link && echo tool > usr/bin/tool && chmod 4755 usr/bin/tool \\
 && printf 'root:x:0:0:root:/root:/bin/sh\\napp:x:1000:1001:App:/home/app:/bin/sh\\n' > etc/passwd \\
 && printf 'web:x:33:33::/var/www:/bin/false\\napp:x:7:7::/:/bin/sh\\n' >> etc/passwd \\
 && printf 'root:x:0:\\napp:x:1001:\\nstaff:x:50:app\\nweb:x:33:\\n' > etc/group \\
 && echo conf > etc/app.conf && chmod 640 etc/app.conf && echo keep > app/keep && chmod 700 app \\
 && echo d > var/data/d && chmod 2775 var/data && echo r > opt/real/r && echo g > gone/g \\
 && echo one > usr/lib/hl/one && ln usr/lib/hl/one usr/lib/hl/two \\
 && chown -R 1000:1001 app && chown 0:50 var/data && chown -h 33:33 data
FROM scratch
COPY --from=made /r /
RUN rm -r /gone && mkdir /gone && rm /opt/real/r
ENV PATH=/usr/bin:/bin FROM_BASE="b b"
LABEL base=yes
WORKDIR /
CMD ["sh"]
`;

/** One that passes instructions on to those who build on it. */
export const oddTriggers = (base: string): string => `FROM ${base}
ONBUILD ARG LATE=late
ONBUILD COPY a.txt /onbuild/$LATE/
ONBUILD ENV TRIGGERED=$LATE
WORKDIR /work
`;
