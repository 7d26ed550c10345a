package io.leafd.security.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.security.TestCertificates;
import io.leafd.security.permission.Permissions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateUsersTest {
    private static final TestCertificates AUTHORITY = new TestCertificates("CA");

    private final CertificateUsers users = new CertificateUsers();

    private User user(String subject) {
        User user = new User(subject, "A", List.of(new Proof.ByCertificate(subject)), Permissions.ALL, Set.of());
        assertThat(users.add(subject, user)).isTrue();
        return user;
    }

    private static X509Certificate certificate(String subject, GeneralName... names) {
        return AUTHORITY.issue(subject, names).certificate();
    }

    private static GeneralName email(String name) {
        return new GeneralName(GeneralName.rfc822Name, name);
    }

    private static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    private static GeneralName uri(String name) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, name);
    }

    @Test
    void emailGoesBeforeDnsBeforeUriBeforeSubject() {
        User byEmail = user("edge@example.com");
        User byDns = user("edge1.example.com");
        User byUri = user("spiffe://plant/edge1?a=b");
        User bySubject = user("CN=edge1,O=Acme");
        GeneralName email = email("edge@example.com");
        GeneralName dns = dns("edge1.example.com");
        GeneralName uri = uri("spiffe://plant/edge1?a=b");

        assertThat(users.find(certificate("CN=edge1,O=Acme", uri, dns, email))).isEqualTo(byEmail);
        assertThat(users.find(certificate("CN=edge1,O=Acme", uri, dns))).isEqualTo(byDns);
        assertThat(users.find(certificate("CN=edge1,O=Acme", uri))).isEqualTo(byUri);
        assertThat(users.find(certificate("CN=edge1,O=Acme"))).isEqualTo(bySubject);
    }

    @Test
    void everyNameOfAKindIsTried() {
        User second = user("second.example.com");

        assertThat(users.find(certificate("CN=x", dns("first.example.com"), dns("second.example.com"))))
                .isEqualTo(second);
    }

    @Test
    void certificateThatNamesNobodyFindsNobody() {
        user("edge@example.com");
        user("CN=edge1,O=Acme");

        assertThat(users.find(certificate("CN=edge2,O=Acme", dns("edge@example.com.evil"))))
                .isNull();
        assertThat(users.find(certificate("CN=edge1"))).isNull();
        assertThat(users.find(certificate("CN=edge1,O=Acme,OU=x"))).isNull();
        assertThat(users.find(certificate("CN=EDGE1,O=Acme"))).isNull();
        assertThat(users.find(certificate("CN=edge@example.com"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"CN=edge1,O=Acme,C=DE", "cn=edge1, o=Acme, c=DE", "C=DE,O=Acme,CN=edge1", "O=Acme,CN=edge1,C=DE"
            })
    void subjectIsComparedPartByPartInAnyOrder(String configured) {
        User user = user(configured);

        assertThat(users.find(certificate("CN=edge1,O=Acme,C=DE"))).isEqualTo(user);
        assertThat(users.find(certificate("C=DE,O=Acme,CN=edge1"))).isEqualTo(user);
    }

    @Test
    void subjectInItsOwnOrderGoesBeforeAnyOther() {
        User reversed = user("O=Acme,CN=edge1");
        User exact = user("CN=edge1,O=Acme");

        assertThat(users.find(certificate("CN=edge1,O=Acme"))).isEqualTo(exact);
        assertThat(users.find(certificate("O=Acme,CN=edge1"))).isEqualTo(reversed);
    }

    @Test
    void domainComponentsAndEscapedValuesAreUnderstood() {
        User withDomain = user("CN=edge1,OU=a\\, b,DC=example,DC=com");

        assertThat(users.find(certificate("CN=edge1,OU=a\\, b,DC=example,DC=com")))
                .isEqualTo(withDomain);
        assertThat(users.find(certificate("CN=edge1,OU=a,DC=example,DC=com"))).isNull();
    }

    @Test
    void repeatedPartsCount() {
        user("CN=x,OU=a,OU=a");

        assertThat(users.find(certificate("CN=x,OU=a"))).isNull();
        assertThat(users.find(certificate("OU=a,CN=x,OU=a"))).isNotNull();
    }

    @Test
    void anyTextMayBeConfiguredAsSubject() {
        Random random = new Random(5);
        String characters = "CN=edge,OU +\\\"#;<>012abf\u00fc.";
        for (int round = 0; round < 5_000; round++) {
            StringBuilder subject = new StringBuilder("CN=x,O=" + round);
            for (int changes = random.nextInt(6); changes >= 0; changes--) {
                char character = characters.charAt(random.nextInt(characters.length()));
                subject.insert(random.nextInt(subject.length()), character);
            }
            users.add(subject.toString(), new User("u", "A", List.of(), Permissions.ALL, Set.of()));
        }

        assertThat(users.find(certificate("CN=other,O=Acme"))).isNull();
    }

    @Test
    void oneSubjectNamesOneUser() {
        User user = user("CN=x");

        assertThat(users.add("CN=x", user)).isFalse();
    }
}
