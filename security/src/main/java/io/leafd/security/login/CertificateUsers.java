package io.leafd.security.login;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Finds the user whom a verified client certificate names. Immutable; any thread.
 *
 * <p>The names of a certificate are tried in this order, and the first that belongs to a user decides, as observed on
 * nats-server 2.15: each e-mail name, each DNS name, each URI name, the subject as it is ordered, the subject in any order,
 * the subject's text.
 */
final class CertificateUsers {
    /** Kinds of subject alternative names in RFC 5280, in the order in which they are tried. */
    private static final int[] NAME_KINDS = {1, 2, 6};

    private final Map<String, User> byText = new HashMap<>();
    private final List<Named> byName = new ArrayList<>();

    private record Named(DistinguishedName name, User user) {}

    /** Adds a user; false if another has the subject already. Only while the directory is made. */
    boolean add(String subject, User user) {
        DistinguishedName name = DistinguishedName.parse(subject);
        if (name != null) {
            byName.add(new Named(name, user));
        }
        return byText.putIfAbsent(subject, user) == null;
    }

    @Nullable
    User find(X509Certificate certificate) {
        for (int kind : NAME_KINDS) {
            for (String name : alternativeNames(certificate, kind)) {
                User user = byText.get(name);
                if (user != null) {
                    return user;
                }
            }
        }
        return findSubject(certificate.getSubjectX500Principal());
    }

    private @Nullable User findSubject(X500Principal principal) {
        DistinguishedName subject = DistinguishedName.of(principal);
        for (Named named : byName) {
            if (named.name.equals(subject)) {
                return named.user;
            }
        }
        for (Named named : byName) {
            if (named.name.sameParts(subject)) {
                return named.user;
            }
        }
        return byText.get(principal.getName(X500Principal.RFC2253));
    }

    private static List<String> alternativeNames(X509Certificate certificate, int kind) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> one : all) {
                    if (one.get(0) instanceof Integer k && k == kind && one.get(1) instanceof String name) {
                        names.add(name);
                    }
                }
            }
        } catch (CertificateParsingException unreadable) {
            return List.of(); // a name that cannot be read names nobody
        }
        return names;
    }
}
