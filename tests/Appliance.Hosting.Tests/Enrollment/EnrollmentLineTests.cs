using Appliance.Hosting.Enrollment;

namespace Appliance.Hosting.Tests.Enrollment;

public sealed class EnrollmentLineTests
{
    private static readonly string Key = new('a', 64);

    [Theory]
    [InlineData(EnrollmentLineState.Waits, "0192f0a1b2c3", true)]
    [InlineData(EnrollmentLineState.Refused, "0192f0a1b2c3", false)]
    [InlineData(EnrollmentLineState.Certified, "", false)]
    public void Line_is_found_again_behind_what_the_system_puts_before_it(EnrollmentLineState state, string request, bool hasKey)
    {
        var line = new EnrollmentLine(Role.Logger, "node-2", state) { RequestId = request, KeySha256 = hasKey ? Key : "" };

        var found = EnrollmentLine.Find($"[   61.204] appliance[412]: {line}\r");

        Assert.Equal(line, found);
    }

    [Theory]
    [InlineData("appliance: image 1.2.3, role logger, node node2")]
    [InlineData("appliance: printer node2 has its certificate.")]
    [InlineData("appliance: logger node2 waits for an admin: request 1, key SHA-256 12ab; compare")]
    [InlineData("")]
    public void Other_lines_are_none(string line) => Assert.Null(EnrollmentLine.Find(line));
}
