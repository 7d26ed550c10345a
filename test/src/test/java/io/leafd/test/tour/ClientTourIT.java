package io.leafd.test.tour;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.ServerUnderTest;
import io.leafd.test.peer.ClientProgram;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.setup.ServerSetup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official clients of other languages, unchanged. */
class ClientTourIT {

    enum Language {
        JAVASCRIPT {
            @Override
            ClientProgram start(String program, String url) {
                return ClientProgram.javaScript(program + ".mjs", url);
            }
        },
        PYTHON {
            @Override
            ClientProgram start(String program, String url) {
                return ClientProgram.python(program + ".py", url);
            }
        };

        abstract ClientProgram start(String program, String url);
    }

    @ParameterizedTest
    @EnumSource
    void theSameProgramSeesTheSameOnBothServers(Language language) {
        String expected = transcript(language, ServerUnderTest.NATS_SERVER);

        assertThat(expected).contains("queue 60", "history", "object blob 300000", "end ");
        assertThat(transcript(language, ServerUnderTest.LEAFD)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void aProgramSurvivesTheKillOfItsServer(Language language) {
        try (ServerProcess server = started(ServerUnderTest.LEAFD, language + "-reconnect");
                ClientProgram program = language.start("reconnect", server.url())) {
            program.awaitOutput("kill the server");
            server.kill();
            server.start();
            assertThat(program.awaitSuccess()).contains("still subscribed", "updated to revision 1");
        }
    }

    private static String transcript(Language language, ServerUnderTest kind) {
        try (ServerProcess server = started(kind, language + "-tour");
                ClientProgram program = language.start("client_tour", server.url())) {
            return program.awaitSuccess();
        }
    }

    private static ServerProcess started(ServerUnderTest kind, String name) {
        ServerProcess server = kind.prepare(ServerSetup.open(name).jetstream("tour"));
        server.start();
        return server;
    }
}
