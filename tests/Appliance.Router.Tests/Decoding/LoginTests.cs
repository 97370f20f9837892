using System.Text;
using Appliance.Router.Decoding;

namespace Appliance.Router.Tests.Decoding;

public sealed class LoginTests
{
    private const string Failed = nameof(LoginOutcome.Failed);
    private const string Succeeded = nameof(LoginOutcome.Succeeded);

    [Fact]
    public void Ftp_tells_by_the_reply_to_the_password()
    {
        var dialog = new LoginDialog(ApplicationKind.Ftp)
            .Client("USER bob\r\n").Server("331 Password?\r\n").Client("PASS x\r\n").Server("530 Login incorrect.\r\n")
            .Client("user bob\r\n").Server("331 Password?\r\n").Client("pass y\r\n").Server("230-Welcome\r\n230 In\r\n");

        Assert.Equal([Failed, Succeeded], dialog.Outcomes);
    }

    [Fact]
    public void Ftp_refuses_commands_before_the_log_in_without_a_failure()
    {
        var dialog = new LoginDialog(ApplicationKind.Ftp).Server("220 FTP\r\n").Client("FEAT\r\n").Server("530 Please login with USER and PASS.\r\n");

        Assert.Empty(dialog.Outcomes);
    }

    [Fact]
    public void A_reply_that_is_sent_again_counts_once()
    {
        var dialog = new LoginDialog(ApplicationKind.Ftp)
            .Client("PASS x\r\n").Server("530 no\r\n").Client("PASS y\r\n").ServerAgain("530 no\r\n");

        Assert.Equal([Failed], dialog.Outcomes);
    }

    [Fact]
    public void Http_tells_by_the_status_after_credentials()
    {
        var dialog = new LoginDialog(ApplicationKind.Http)
            .Client("GET / HTTP/1.1\r\nHost: a\r\n\r\n").Server("HTTP/1.1 401 Unauthorized\r\n\r\n")
            .Client("GET / HTTP/1.1\r\nAuthorization: Basic eA==\r\n\r\n").Server("HTTP/1.1 401 Unauthorized\r\n\r\n")
            .Client("POST /login HTTP/1.1\r\nauthorization: digest username=\"x\"\r\n\r\n").Server("HTTP/1.1 100 Continue\r\n\r\n").Server("HTTP/1.1 200 OK\r\n\r\n")
            .Client("GET /next HTTP/1.1\r\nAuthorization: Basic eA==\r\n\r\n").Server("HTTP/1.1 200 OK\r\n\r\n");

        Assert.Equal([Failed, Succeeded], dialog.Outcomes);
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("CBAuth Type=\"SSO\"")]
    [InlineData("Negotiate TlRM")]
    public void Schemes_that_carry_no_password_are_no_log_ins(string value)
    {
        var dialog = new LoginDialog(ApplicationKind.Http)
            .Client($"GET / HTTP/1.1\r\nAuthorization: {value}\r\n\r\n").Server("HTTP/1.1 401 Unauthorized\r\n\r\n");

        Assert.Empty(dialog.Outcomes);
    }

    [Fact]
    public void Http_without_credentials_is_no_log_in()
    {
        var dialog = new LoginDialog(ApplicationKind.Http)
            .Client("GET / HTTP/1.1\r\nHost: a\r\n\r\n").Server("HTTP/1.1 200 OK\r\n\r\n")
            .Client("GET / HTTP/1.1\r\nAuthorization: Basic eA==\r\n\r\n").Server("HTTP/1.1 403 Forbidden\r\n\r\n");

        Assert.Empty(dialog.Outcomes);
    }

    [Fact]
    public void Telnet_tells_by_the_words_after_the_password()
    {
        var dialog = new LoginDialog(ApplicationKind.Telnet)
            .Server("box login: ").Client("root\r\n").Server("Password: ").Client("x").Client("\r\n").Server("\r\n")
            .Server("Login incorrect\r\n").Server("box login: ")
            .Client("root\r\n").Server("Password: ").Client("y\r\n").Server("\r\nLogin incorrect\r\nbox login: ")
            .Client("root\r\n").Server("Password: ").Client("z\r\n").Server("\r\nLast login: Sat Nov 27\r\n").Server("# ");

        Assert.Equal([Failed, Failed, Succeeded], dialog.Outcomes);
    }

    [Theory]
    [InlineData("\r\nPassword: ", Failed)]
    [InlineData("\r\n% Bad passwords\r\n", Failed)]
    [InlineData("\r\nWelcome to the box\r\nbox login: ", Failed)]
    [InlineData("\r\nBusyBox v1.30\r\n", Succeeded)]
    [InlineData("\r\nrouter>", Succeeded)]
    [InlineData("\r\nLast failed login: Sat\r\nThere were 3 failed login attempts.\r\n", Succeeded)]
    public void Telnet_knows_the_words_of_many_boxes(string verdict, string expected)
    {
        var dialog = new LoginDialog(ApplicationKind.Telnet).Server("Password:").Client("x\r\n").Server(verdict).Close();

        Assert.Equal([expected], dialog.Outcomes);
    }

    [Fact]
    public void Commands_of_telnet_are_no_answer_to_the_prompt()
    {
        var dialog = new LoginDialog(ApplicationKind.Telnet)
            .Server("Password:").Client([0xff, 0xfd, 0x01, 0xff, 0xfa, 0x18, 0x00, 0x78, 0xff, 0xf0]).Server([0xff, 0xfe, 0x01, (byte)'$']);

        Assert.Empty(dialog.Outcomes);
    }

    [Theory]
    [InlineData(0xc2, 0, Succeeded)]
    [InlineData(0xc2, 4, Failed)]
    [InlineData(0xc2, 5, Failed)]
    [InlineData(0xc2, 0x86, Failed)]
    [InlineData(0xc2, 0x87, Failed)]
    [InlineData(0xc2, 3, null)]
    [InlineData(0x02, 0, null)]
    [InlineData(0x02, 5, Failed)]
    public void Mqtt_tells_by_the_code_of_the_acknowledgment(byte flags, byte code, string? expected)
    {
        byte[] connect = [0x10, 16, 0, 4, .. "MQTT"u8, 4, flags, 0, 60, 0, 4, .. "abcd"u8];

        var dialog = new LoginDialog(ApplicationKind.Mqtt).Client(connect).Server([0x20, 2, 0, code]);

        Assert.Equal(expected is null ? [] : [expected], dialog.Outcomes);
    }

    [Fact]
    public void Ssh_of_openssh_counts_the_passwords_that_were_typed()
    {
        var dialog = Ssh("SSH-2.0-OpenSSH_9.2p1\r\n")
            .Client(Sized(60)).Server(Sized(52))
            .Client(Sized(376)).Server(Sized(52))
            .Client(Sized(140)).Server(Sized(52))
            .Client(Sized(148), 1500).Server(Sized(52), 100)
            .Client(Sized(148), 1500).Server(Sized(52), 2000)
            .Client(Sized(148), 900).Server(Sized(28), 10);

        Assert.Equal([Failed, Failed, Succeeded], dialog.Outcomes);
    }

    [Fact]
    public void Ssh_of_a_tool_counts_each_try_after_the_first_question()
    {
        var dialog = Ssh("SSH-2.0-libssh_0.10.6\r\n")
            .Client(Sized(60)).Server(Sized(52)).Client(Sized(76)).Server(Sized(52)).Client(Sized(84)).Server(Sized(52)).Close();

        Assert.Equal([Failed, Failed], dialog.Outcomes);
    }

    [Fact]
    public void Ssh_that_tries_one_password_at_once_fails_by_the_slow_reply()
    {
        var dialog = Ssh("SSH-2.0-libssh2_1.11.0\r\n").Client(Sized(84)).Server(Sized(52), 3400);

        Assert.Equal([Failed], dialog.Outcomes);
    }

    [Fact]
    public void A_server_that_is_slow_to_tell_the_methods_has_refused_nobody()
    {
        var dialog = Ssh("SSH-2.0-OpenSSH_7.4p1\r\n").Client(Sized(60)).Server(Sized(52), 20_000).Client(Sized(148), 6000).Server(Sized(28)).Close();

        Assert.Equal([Succeeded], dialog.Outcomes);
    }

    [Fact]
    public void A_password_at_once_counts_whoever_the_client_says_it_is()
    {
        var dialog = Ssh("SSH-2.0-OpenSSH_7.1\r\n").Client(Sized(148)).Server(Sized(52), 3000).Client(Sized(148)).Server(Sized(52), 3000).Close();

        Assert.Equal([Failed, Failed], dialog.Outcomes);
    }

    [Fact]
    public void Ssh_that_ends_after_a_refusal_has_failed_once()
    {
        var dialog = Ssh("SSH-2.0-OpenSSH_9.2p1\r\n").Client(Sized(60)).Server(Sized(52)).Close();

        Assert.Equal([Failed], dialog.Outcomes);
    }

    [Fact]
    public void Ssh_that_ends_before_it_asks_to_log_in_has_not_failed()
    {
        var dialog = Ssh("SSH-2.0-OpenSSH_9.2p1\r\n").Close();

        Assert.Empty(dialog.Outcomes);
    }

    [Fact]
    public void A_banner_before_the_refusal_is_no_refusal()
    {
        var dialog = Ssh("SSH-2.0-libssh_0.10.6\r\n")
            .Client(Sized(60)).Server(Sized(700)).Server(Sized(52)).Client(Sized(76)).Server(Sized(52)).Client(Sized(76)).Server(Sized(28));

        Assert.Equal([Failed, Succeeded], dialog.Outcomes);
    }

    [Fact]
    public void An_open_session_has_no_more_log_ins()
    {
        var dialog = Ssh("SSH-2.0-libssh_0.10.6\r\n").Client(Sized(376)).Server(Sized(28));
        for (var i = 0; i < 100; i++)
        {
            dialog.Client(Sized(36), 300).Server(Sized(36));
        }

        Assert.Equal([Succeeded], dialog.Close().Outcomes);
    }

    [Fact]
    public void A_session_whose_success_was_missed_has_no_failures_either()
    {
        var dialog = Ssh("SSH-2.0-libssh_0.10.6\r\n").Client(Sized(60)).Server(Sized(52)).Client(Sized(376)).Server(Sized(600));
        for (var i = 0; i < 100; i++)
        {
            dialog.Client(Sized(36), 300).Server(Sized(36));
        }

        Assert.Empty(dialog.Outcomes);
    }

    // Banners, key exchange, NEWKEYS of both sides (the client's together with its request for the service), then the acceptance of 44 bytes.
    private static LoginDialog Ssh(string clientBanner)
    {
        byte[] newKeys = [0, 0, 0, 12, 10, 21, .. new byte[10]];
        return new LoginDialog(ApplicationKind.Ssh)
            .Client(clientBanner).Server("SSH-2.0-OpenSSH_9.2p1\r\n").Client(Plain(20, 1500)).Server(Plain(20, 1100)).Client(Plain(30, 48))
            .Server([.. Plain(31, 300), .. newKeys, .. Sized(276)]).Client([.. newKeys, .. Sized(44)]).Server(Sized(44));
    }

    private static byte[] Plain(byte message, int length) => [.. Frames.UInt32((uint)length - 4), 6, message, .. new byte[length - 6]];

    // Encrypted bytes look like nothing.
    private static byte[] Sized(int length) => Encoding.Latin1.GetBytes(new string('\u00b7', length));
}
