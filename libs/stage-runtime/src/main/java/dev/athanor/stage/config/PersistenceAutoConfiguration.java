package dev.athanor.stage.config;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;

/** Adds this library's entities and repositories to those of the service. */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"
        })
@AutoConfigurationPackage(basePackages = "dev.athanor.stage.persistence")
public class PersistenceAutoConfiguration {}
