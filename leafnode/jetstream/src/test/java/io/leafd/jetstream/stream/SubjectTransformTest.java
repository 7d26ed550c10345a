package io.leafd.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectTransformTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a.*; b.$1; a.x; b.x",
                "a.*.*; b.$2.$1; a.x.y; b.y.x",
                "a.*; b.{{wildcard(1)}}.c; a.x; b.x.c",
                "a.>; b.>; a.x.y.z; b.x.y.z",
                ">; pre.>; x.y; pre.x.y",
                "a.*.>; b.$1.>; a.x.y.z; b.x.y.z",
                "''; x.>; a.b; x.a.b",
                "a; b; a; b",
                "a; b; c; c",
                "a.*; b.{{split(1,-)}}; a.x-y--z; b.x.y.z",
                "a.*; b.{{SplitFromLeft(1,2)}}; a.abcdef; b.ab.cdef",
                "a.*; b.{{splitfromright(1,2)}}; a.abcdef; b.abcd.ef",
                "a.*; b.{{splitfromleft(1,9)}}; a.abc; b.abc",
                "a.*; b.{{slicefromleft(1,3)}}; a.abcdefgh; b.abc.def.gh",
                "a.*; b.{{slicefromright(1,3)}}; a.abcdefgh; b.ab.cde.fgh",
                "a.*; b.{{left(1,2)}}; a.abc; b.ab",
                "a.*; b.{{ Right( 1 , 2 ) }}; a.abc; b.bc",
                "a.*.*; {{partition(10,1,2)}}.$1; a.x.y; 2.x",
                "a.*.*; p.{{partition(10)}}.$1; a.x.y; p.1.x",
                "a.*; b.{{random(1)}}.$1; a.x; b.0.x",
            })
    void subjectIsMapped(String source, String destination, String subject, String mapped) {
        assertThat(SubjectTransform.of(source, destination, new Random(1)).apply(subject))
                .isEqualTo(mapped);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a.*; b.$2; invalid mapping destination: wildcard index out of range in $2: [2]",
                "a; b.$1; invalid mapping destination: wildcard index out of range in $1: [1]",
                "a.*; b..c; invalid mapping destination: invalid transform",
                "a.*; b.>.c; invalid mapping destination: invalid transform",
                "a.*; b.>; invalid subject",
                "a.>; b; invalid subject",
                "a.*; b.*; invalid subject",
                "a.*; {{foo(1)}}; invalid mapping destination: unknown function in {{foo(1)}}",
                "a.*; {{wildcard()}}; invalid mapping destination: not enough arguments passed to the function in {{wildcard()}}",
                "a.*; {{wildcard(1,2)}}; invalid mapping destination: too many arguments passed to the function in {{wildcard(1,2)}}",
                "a.*; {{split(1)}}; invalid mapping destination: not enough arguments passed to the function in {{split(1)}}",
                "a.*; {{left(1,x)}}; invalid mapping destination: function argument is invalid or in the wrong format in {{left(1,x)}}",
            })
    void wrongMappingIsRefused(String source, String destination, String text) {
        assertThatThrownBy(() -> SubjectTransform.of(source, destination, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(text);
    }

    @Test
    void onlyMatchingSubjectsAreMapped() {
        var transform = SubjectTransform.of("a.*", "b.$1", new Random(1));

        assertThat(transform.matches("a.x")).isTrue();
        assertThat(transform.matches("a.x.y")).isFalse();
    }
}
