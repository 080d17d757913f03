package io.pressluft.agent;

import io.pressluft.agent.far.FakeGateway;
import io.pressluft.agent.far.SignedPage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent between a gateway and a web server. */
abstract class AgentTest {

    FakeGateway gateway;
    SignedPage page;
    TestNode node;

    @BeforeEach
    void prepare(@TempDir Path root) throws IOException, GeneralSecurityException {
        gateway = new FakeGateway();
        page = new SignedPage();
        node = new TestNode(root, gateway, page.port());
    }

    @AfterEach
    void clear() throws InterruptedException {
        node.stop();
        page.close();
        gateway.close();
    }
}
