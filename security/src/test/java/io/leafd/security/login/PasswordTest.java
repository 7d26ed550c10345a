package io.leafd.security.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {
    private static boolean matches(String stored, String given) {
        return Password.stored(stored, "test").matches(given.getBytes(UTF_8));
    }

    /** From the self-test of Openwall's crypt_blowfish 1.3; the last line is made by golang.org/x/crypto/bcrypt. */
    @ParameterizedTest
    @CsvSource({
        "U*U,$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "U*U*,$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK",
        "U*U*U,$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a",
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored,"
                + "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
        "U*U,$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "U*U,$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "U*U,$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "grün & 5€,$2a$06$GpIWl9cIEoEys3Bz.T7WG.pAtoJ4xLrXb0u6wtpfysJvKJeasgwq."
    })
    void knownHashesMatchTheirPasswordOnly(String password, String hash) {
        assertThat(matches(hash, password)).isTrue();
        assertThat(matches(hash, "x" + password)).isFalse();
        assertThat(matches(hash, "")).isFalse();
        assertThat(Password.stored(hash, "test").slow()).isTrue();
    }

    @Test
    void hashIsBcryptOfCostElevenAndMatches() {
        byte[] password = "s3cret".getBytes(UTF_8);
        String hash = Password.hash(password, new SecureRandom());

        assertThat(hash).startsWith("$2a$11$").hasSize(60);
        assertThat(matches(hash, "s3cret")).isTrue();
        assertThat(matches(hash, "s3creT")).isFalse();
        assertThat(password).isEqualTo("s3cret".getBytes(UTF_8));
    }

    @Test
    void twoHashesOfOnePasswordDiffer() {
        byte[] password = "s3cret".getBytes(UTF_8);
        SecureRandom random = new SecureRandom();

        assertThat(Password.hash(password, 4, random)).isNotEqualTo(Password.hash(password, 4, random));
    }

    @Test
    void passwordThatBcryptCannotTellApartIsRefused() {
        SecureRandom random = new SecureRandom();

        assertThat(Password.hash(new byte[72], 4, random)).hasSize(60);
        for (int length : new int[] {0, 73}) {
            assertThatThrownBy(() -> Password.hash(new byte[length], random))
                    .isInstanceOf(SecurityConfigException.class)
                    .hasMessage("password: has " + length + " bytes; choose one of 1 to 72 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "$", "$apr1$x", "$2c$05$", "$2a$5$x", "$2a$xx$", " $2a$05$CCCC", "pässwort"})
    void anyOtherTextIsComparedAsItIs(String stored) {
        assertThat(matches(stored, stored)).isTrue();
        assertThat(matches(stored, stored + "x")).isFalse();
        assertThat(matches(stored, stored.substring(1))).isFalse();
        assertThat(matches(stored, "")).isFalse();
        assertThat(Password.stored(stored, "test").slow()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe,(59 characters",
        "$2a$05$,(7 characters",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyO!W,the bcrypt hash is damaged",
        "$2a$16$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW,has cost 16",
        "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW,has cost 3",
        "$2a$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW,has cost 99",
        "'',the password is empty"
    })
    void hashThatCannotBeUsedIsRefusedAndNotRepeated(String stored, String reason) {
        assertThatThrownBy(() -> Password.stored(stored, "leafd.toml:9"))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith("leafd.toml:9: ")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("CCCC");
    }

    @Test
    void textFormHoldsNoSecret() {
        assertThat(Password.stored("s3cret", "test")).hasToString("Password[plain]");
        assertThat(Password.stored("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "test"))
                .hasToString("Password[bcrypt, cost 5]");
    }
}
