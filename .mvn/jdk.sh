# Sets JAVA_HOME to a JDK 25: the one it names already, else the first found in the usual places. To be sourced.

is_jdk_25() {
    [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25' "$1/release"
}

jdk=
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$candidate" ] && is_jdk_25 "$candidate"; then
        jdk=$candidate
        break
    fi
done
if [ -z "$jdk" ]; then
    echo "leafd is built with JDK 25 and none was found (looked at JAVA_HOME, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks)." >&2
    echo "Install one (for example Eclipse Temurin 25) or set JAVA_HOME to it, then run this again." >&2
    exit 1
fi
JAVA_HOME=$jdk
export JAVA_HOME
