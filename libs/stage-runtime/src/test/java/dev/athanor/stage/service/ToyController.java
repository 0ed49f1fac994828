package dev.athanor.stage.service;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Something to send bad requests to. */
@RestController
class ToyController {

    record Order(String name, int amount) {
        Order {
            Checks.notBlank("name", name);
            Checks.range("amount", amount, 1, 10);
        }
    }

    @PostMapping(path = "/v1/orders", consumes = "application/json", produces = "application/json")
    Order order(@RequestBody Order order) {
        return order;
    }

    @GetMapping("/v1/orders/{number}")
    Order order(@PathVariable int number, @RequestParam String currency) {
        if (number == 7) {
            throw AthanorException.notFound("order", currency);
        }
        throw new IllegalStateException("a secret of the implementation");
    }
}
