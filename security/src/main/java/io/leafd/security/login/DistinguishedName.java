package io.leafd.security.login;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.jspecify.annotations.Nullable;

/**
 * An X.500 name, comparable whatever string types and spelling it was written with. Immutable.
 *
 * <p>Values are compared exactly, attribute names by what they stand for ({@code cn} and {@code CN} are one).
 *
 * @param parts one set of {@code oid=value} for each relative name, in the order of the certificate or the text
 */
record DistinguishedName(List<Set<String>> parts) {

    /** The name written as {@code CN=edge1,O=Acme}, or null if the text is not of that form. */
    static @Nullable DistinguishedName parse(String text) {
        if (text.indexOf('=') < 0) {
            return null;
        }
        try {
            return of(new X500Name(BCStyle.INSTANCE, text));
        } catch (RuntimeException notOfThatForm) { // the parser throws many kinds
            return null;
        }
    }

    static DistinguishedName of(X500Principal principal) {
        return of(X500Name.getInstance(principal.getEncoded()));
    }

    private static DistinguishedName of(X500Name name) {
        List<Set<String>> parts = new ArrayList<>();
        for (RDN rdn : name.getRDNs()) {
            Set<String> part = new HashSet<>();
            for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
                part.add(attribute.getType() + "=" + IETFUtils.valueToString(attribute.getValue()));
            }
            parts.add(Set.copyOf(part));
        }
        return new DistinguishedName(List.copyOf(parts));
    }

    /** Whether both have the same parts, in any order. */
    boolean sameParts(DistinguishedName other) {
        List<Set<String>> rest = new ArrayList<>(other.parts);
        for (Set<String> part : parts) {
            if (!rest.remove(part)) {
                return false;
            }
        }
        return rest.isEmpty();
    }
}
