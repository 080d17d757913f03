package io.pressluft.controlplane.account;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/tokens")
class TokenApi {

    private final ApiTokens tokens;

    TokenApi(ApiTokens tokens) {
        this.tokens = tokens;
    }

    record NewToken(@Nullable String name) {}

    @GetMapping
    Map<String, List<ApiTokens.TokenView>> list(Principal who) {
        return Map.of("tokens", tokens.of(who.getName()));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ApiTokens.FreshToken create(@RequestBody NewToken body, Principal who) {
        return tokens.create(who.getName(), Objects.requireNonNullElse(body.name(), ""));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id, Principal who) {
        if (!tokens.delete(who.getName(), id)) {
            throw new UnknownToken(id);
        }
    }

    /** There is no such token of this user. */
    static final class UnknownToken extends CodedException {
        UnknownToken(String id) {
            super(ErrorCode.TOKEN_NOT_FOUND, "There is no token %s.".formatted(id));
        }
    }
}
