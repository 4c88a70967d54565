// Denoises one image and saves the result.
//
// Argument: INPUT,OUTPUT. Without it, Sumi's example is denoised to denoised.tif, as seen from Sumi's folder.
// Runs in Fiji, in plain ImageJ 1.54 with Sumi's all-jar, and headless.

setBatchMode(true);
argument = getArgument();
if (argument == "") argument = "models/nuclei/example.tif,denoised.tif";
paths = split(argument, ",");
if (paths.length != 2) exit("The argument is \"" + argument + "\"; it must be INPUT,OUTPUT.");
input = paths[0];
output = paths[1];
if (!File.exists(input)) exit("There is no file " + input + "; give INPUT,OUTPUT as the macro's argument.");
if (File.exists(output)) exit(output + " exists already; move it, or choose another output.");

open(input);
original = getTitle();
result = replace(original, "(?i)\\.tiff?$", "") + "-denoised";
if (isOpen(result)) exit("Close " + result + " first, or the new result will have another title.");
run("DDPM Denoise...", "model=fluorescence noise=auto mode=mean seed=1");
// by its title: in batch mode Fiji leaves the original the current image
selectImage(result);
saveAs("Tiff", output);
close();
selectImage(original);
close();
print("Saved " + output);
