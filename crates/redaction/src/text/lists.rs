//! Lists of common names and places, from general knowledge. Short on purpose: they help the
//! reviewer, and the patient's own data (`Known`) does the rest.

/// Given names common in the United States.
pub(super) const GIVEN_NAMES: &str = "\
Aaron Abby Abdul Abigail Abraham Ada Adam Adrian Adriana Agnes Ahmed Aiden Aisha Akira Alan \
Albert Alberto Alejandra Alejandro Alex Alexa Alexander Alexandra Alexis Alfonso Alfred Alice \
Alicia Alina Alison Allan Allen Allison Alma Alvin Amanda Amber Amelia Amir Amit Amy Ana Anders \
Andre Andrea Andreas Andrew Andy Angel Angela Angelica Angelina Angie Anika Anita Ann Anna Anne \
Annette Annie Anthony Antoine Antonio April Ariana Armando Arnold Arthur Arturo Ashley Audrey \
Ava Avery Barbara Barry Beatrice Becky Belinda Ben Benjamin Bernadette Bernard Bernice Beth \
Bethany Betty Beverly Bill Billy Blake Bob Bobby Bonnie Brad Bradley Brandon Brandy Brenda \
Brendan Brent Brett Brian Brianna Bridget Brittany Brooke Bruce Bryan Caitlin Caleb Calvin \
Cameron Camila Candace Carl Carla Carlos Carmen Carol Carole Caroline Carolyn Carrie Casey \
Cassandra Catherine Cathy Cecilia Cedric Celia Cesar Chad Charlene Charles Charlie Charlotte \
Chelsea Cheryl Chloe Chris Christian Christina Christine Christopher Christy Cindy Claire Clara \
Clarence Claude Claudia Clayton Clifford Clinton Clyde Cody Colin Colleen Connie Connor Corey \
Courtney Craig Cristina Crystal Curtis Cynthia Daisy Dale Damian Dan Dana Daniel Daniela \
Danielle Danny Darlene Darrell Darren Dave David Dawn Dean Deanna Debbie Deborah Debra Delia \
Denise Dennis Derek Derrick Desiree Devin Diana Diane Diego Dmitri Dolores Dominic Don Donald \
Donna Doreen Doris Dorothy Doug Douglas Duane Dustin Dwayne Dwight Dylan Earl Eddie Edgar Edith \
Edna Eduardo Edward Edwin Eileen Elaine Eleanor Elena Eli Elias Elijah Elisa Elise Elizabeth \
Ella Ellen Ellie Elliot Eloise Elsa Elsie Emily Emma Emmanuel Enrique Eric Erica Erik Erika \
Erin Ernest Esther Ethan Ethel Eugene Eva Evan Evelyn Fatima Felicia Felix Fernando Fiona \
Florence Floyd Frances Francis Francisco Frank Franklin Fred Freddie Frederick Gabriel Gabriela \
Gabrielle Gail Gary Gavin Gene Genevieve George Gerald Geraldine Gerard Gilbert Gina Giovanni \
Gladys Glen Glenda Glenn Gloria Gordon Graham Greg Gregory Greta Guadalupe Guillermo Gwen \
Gwendolyn Hailey Hannah Harold Harriet Harry Harvey Hassan Hazel Heather Hector Heidi Helen \
Helena Henry Herbert Herman Hiroshi Holly Howard Hugh Hugo Ian Ibrahim Ida Ignacio Imani Ines \
Ingrid Irene Iris Irma Isaac Isabel Isabella Isaiah Ivan Jack Jackie Jackson Jacob Jacqueline \
Jaime Jake James Jamie Jan Jane Janet Janice Jared Jasmine Jason Javier Jay Jean Jeanette \
Jeanne Jeff Jeffery Jeffrey Jenna Jennifer Jenny Jeremiah Jeremy Jerome Jerry Jesse Jessica \
Jessie Jesus Jill Jim Jimmy Joan Joann Joanna Joanne Joaquin Jocelyn Joe Joel Johanna John \
Johnny Jon Jonathan Jordan Jorge Jose José Joseph Josephine Joshua Josie Joy Joyce Juan Juana \
Juanita Judith Judy Julia Julian Julie Julio June Justin Kaitlyn Kamal Kara Karen Karl Karla \
Kate Katherine Kathleen Kathryn Kathy Katie Katrina Kayla Keith Kelly Kelsey Ken Kendra Kenneth \
Kenya Kenji Kerry Kevin Khalid Kim Kimberly Kirk Kristen Kristin Kristina Kristine Krystal Kurt \
Kyle Lakshmi Lance Larry Latoya Laura Lauren Laurie Lawrence Leah Lee Leila Lena Leo Leon \
Leonard Leroy Leslie Leticia Lewis Liam Lila Lillian Lily Linda Lindsay Lindsey Lisa Liu Lloyd \
Logan Lois Lola Lonnie Loretta Lori Lorraine Louis Louise Lucas Lucia Lucille Lucy Luis Luke \
Luz Lydia Lynn Mabel Mackenzie Madeline Madison Mae Maggie Malik Manuel Marc Marcia Marco \
Marcus Margaret Margarita Maria María Marian Marie Marilyn Mario Marion Marjorie Mark Marlene \
Marsha Marshall Martha Martin Marvin Mary Mason Mateo Matt Matthew Maureen Maurice Max Maxine \
Maya Megan Mei Melanie Melinda Melissa Melvin Mercedes Meredith Mia Micah Michael Michele \
Michelle Miguel Mike Mildred Milton Mina Mindy Minh Miranda Miriam Misty Mitchell Mohamed \
Mohammad Mohammed Molly Monica Monique Morgan Muhammad Myra Myrtle Nadia Nancy Naomi Natalia \
Natalie Natasha Nathan Nathaniel Neil Nelson Nicholas Nick Nicole Nina Noah Noel Nora Norma \
Norman Oliver Olivia Omar Oscar Owen Pablo Paige Pamela Patricia Patrick Patsy Patty Paul Paula \
Pauline Pedro Peggy Penny Perry Peter Philip Phillip Phyllis Pierre Priscilla Priya Quentin \
Rachel Rafael Rahul Raj Rajesh Ralph Ramon Randall Randy Raquel Raul Ravi Ray Raymond Rebecca \
Regina Reginald Rekha Renee Rhonda Ricardo Richard Rick Ricky Riley Rita Rob Robert Roberta \
Roberto Robin Rodney Roger Roland Ron Ronald Rosa Rosalie Rosemary Ross Roxanne Roy Ruben Ruby \
Russell Ruth Ryan Sabrina Sally Salvador Sam Samantha Samir Samuel Sandra Sandy Sanjay Santiago \
Sara Sarah Sasha Scott Sean Sebastian Sergio Seth Shane Shannon Shari Sharon Shawn Sheila \
Shelby Shelly Sherri Sherry Shirley Sidney Silvia Simon Sofia Sonia Sonya Sophia Sophie Spencer \
Stacey Stacy Stanley Stella Stephanie Stephen Steve Steven Stewart Stuart Sue Summer Sunita \
Susan Susana Suzanne Sven Sylvia Tamara Tammy Tanya Tara Tasha Ted Terence Teresa Terri Terry \
Thelma Theodore Theresa Thomas Tiffany Tim Timothy Tina Todd Tom Tommy Toni Tony Tonya Tracey \
Tracy Travis Trevor Tricia Troy Tyler Tyrone Valerie Vanessa Vera Verna Vernon Veronica Vicki \
Vickie Victor Victoria Vijay Vincent Viola Violet Virginia Vivian Vladimir Wade Walter Wanda \
Warren Wayne Wei Wendy Wesley Whitney Wilbur Willard William Willie Wilma Winifred Wyatt Xavier \
Yolanda Yosef Yuki Yusuf Yvette Yvonne Zachary Zoe";

/// Family names common in the United States, without those that are ordinary words.
pub(super) const FAMILY_NAMES: &str = "\
Smith Johnson Williams Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez \
Wilson Anderson Thomas Taylor Moore Jackson Perez Thompson Harris Sanchez Clark Ramirez Lewis \
Robinson Walker Allen Wright Torres Nguyen Flores Nelson Baker Rivera Campbell Mitchell Carter \
Roberts Gomez Phillips Evans Turner Diaz Parker Edwards Collins Reyes Stewart Morris Morales \
Murphy Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Kelly Howard Ramos Richardson \
Watson Brooks Chavez Bennett Mendoza Ruiz Hughes Alvarez Castillo Sanders Patel Myers Foster \
Jimenez Powell Jenkins Perry Russell Sullivan Coleman Butler Henderson Barnes Gonzales Fisher \
Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace \
Moreno Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro \
Marshall Owens Harrison Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry Chen \
Freeman Webb Tucker Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw \
Snyder Mason Dixon Munoz Hunt Hicks Holmes Palmer Wagner Robertson Boyd Rose Stone Salazar Fox \
Warren Mills Meyer Rice Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan \
Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold Pierce Hansen Peters Santos Hart Bradley \
Knight Elliott Cunningham Duncan Armstrong Hudson Carroll Lane Riley Andrews Alvarado Ray \
Delgado Berry Perkins Hoffman Johnston Matthews Pena Richards Contreras Willis Carpenter \
Lawrence Sandoval Guerrero George Chapman Rios Estrada Ortega Watkins Greene Nunez Wheeler \
Valdez Harper Burke Larson Santiago Maldonado Morrison Franklin Carlson Austin Dominguez Carr \
Lawson Jacobs Obrien Lynch Singh Vega Bishop Montgomery Oliver Jensen Harvey Williamson Gilbert \
Dean Sims Espinoza Howell Li Wong Reid Hanson Le McCoy Garrett Burton Fuller Wang Weber Welch \
Rojas Lucas Marquez Fields Park Yang Little Banks Padilla Day Walsh Bowman Schultz Luna Fowler \
Mejia Kim Khan Gupta Sharma Kumar Ali Hussain Ahmed Cohen Levy Goldberg Schwartz Kowalski Novak \
Ivanov Petrov Rossi Ferrari Müller Schneider Fischer Yamamoto Tanaka Suzuki Sato Watanabe \
O'Brien O'Connor O'Neill McCarthy MacDonald Doe Roe";

/// Capitalised words that follow a title or a field and are no names.
pub(super) const NOT_NAMES: &str = "\
The A An And Or But If In On At By For From With Without To Of As Is Was Are Were Has Have Had \
Not No Yes He She They It We You I His Her Their Its Our Your My This That These Those There \
Here What When Where Which Who Why How Can Could Should Would Will May Might Must Do Does Did \
Be Been Being Patient Patients Pt Doctor Dr Nurse Hospital Clinic Center Medical Health Care \
Department Emergency Room Unit Ward Floor Office Street Avenue Road Drive Lane Suite Insurance \
Medicare Medicaid Service Services Report Summary Note Notes History Physical Exam Examination \
Assessment Plan Diagnosis Treatment Therapy Procedure Surgery Operation Discharge Admission \
Admitted Discharged Consult Consultation Referral Follow Followup Review Results Result Lab \
Laboratory Imaging Radiology CT MRI Xray ECG EKG Blood Heart Lung Liver Kidney Brain Chest \
Abdomen Left Right Bilateral Upper Lower Acute Chronic Mild Moderate Severe Normal Abnormal \
Positive Negative Male Female Man Woman Boy Girl Mr Mrs Ms Miss Date Time Day Week Month Year \
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March July August \
September October November December Today Yesterday Tomorrow Age DOB MRN SSN ID Phone Fax Email \
Address City State Zip Name Number Record Chart Account Policy Member Group Plan Provider \
Physician Attending Resident Fellow Surgeon Signed Dictated Transcribed Reviewed Type Diabetes \
Mellitus Hypertension Disease Syndrome Disorder Cancer Carcinoma Infection Pneumonia Covid \
Asthma Copd Chf Cad Alzheimer Parkinson Hodgkin Crohn Graves Addison Cushing Huntington Down \
Marfan Bell Foley Babinski Romberg Glasgow Apgar Holter Doppler English Spanish French German \
American African Asian Hispanic Caucasian White Black Native Christian Catholic Jewish Muslim \
North South East West United States America University College School Institute Foundation Inc \
LLC Corp Company Department Division Section Please Thank Thanks Dear Sincerely Regards Best \
Practices Denies Reports States Presents Presented Complains Currently Also Then Since After \
Before During Due Given Per See Seen Status Stable Unknown None Other Both All Any Each Every \
Some Most Many Few Several Next First Second Third Last New Old Recent Early Late Medication \
Medications Dose Tablet Capsule Injection Agreements Agreement Education Instructions \
Information Consent Safety Rights Portal Care Goals Baseline Bedside Home Work Night Morning \
Evening Rest Satisfaction Handout Questionnaire Experience Advocate Identification Demographics";

/// Cities of the United States with many people, and some beyond.
pub(super) const CITIES: &str = "\
New York City|Los Angeles|Chicago|Houston|Phoenix|Philadelphia|San Antonio|San Diego|Dallas|\
San Jose|Austin|Jacksonville|Fort Worth|Columbus|Charlotte|San Francisco|Indianapolis|Seattle|\
Denver|Boston|El Paso|Nashville|Detroit|Oklahoma City|Portland|Las Vegas|Memphis|Louisville|\
Baltimore|Milwaukee|Albuquerque|Tucson|Fresno|Sacramento|Kansas City|Mesa|Atlanta|Omaha|\
Colorado Springs|Raleigh|Miami|Long Beach|Virginia Beach|Oakland|Minneapolis|Tulsa|Tampa|\
Arlington|New Orleans|Wichita|Cleveland|Bakersfield|Aurora|Anaheim|Honolulu|Santa Ana|\
Corpus Christi|Riverside|Lexington|Stockton|Henderson|Saint Paul|Cincinnati|Pittsburgh|\
Greensboro|Anchorage|Plano|Lincoln|Orlando|Irvine|Newark|Toledo|Durham|Chula Vista|Fort Wayne|\
Jersey City|St Petersburg|Laredo|Madison|Chandler|Buffalo|Lubbock|Scottsdale|Reno|Glendale|\
Gilbert|Norfolk|Chesapeake|Garland|Irving|Hialeah|Fremont|Boise|Richmond|Baton Rouge|Spokane|\
Des Moines|Tacoma|San Bernardino|Modesto|Fontana|Moreno Valley|Fayetteville|Birmingham|Oxnard|\
Rochester|Port St Lucie|Grand Rapids|Huntsville|Salt Lake City|Frisco|Yonkers|Amarillo|\
Huntington Beach|Little Rock|Montgomery|Augusta|Akron|Shreveport|Tallahassee|Mobile|Knoxville|\
Worcester|Tempe|Cape Coral|Brownsville|McKinney|Providence|Fort Lauderdale|Newport News|\
Chattanooga|Rancho Cucamonga|Vancouver|Sioux Falls|Ontario|Springfield|Pembroke Pines|\
Elk Grove|Salem|Corona|Eugene|Santa Rosa|Peoria|Fort Collins|Lancaster|Palmdale|Hayward|\
Salinas|Alexandria|Lakewood|Hollywood|Cary|Killeen|Savannah|Bridgeport|Paterson|Naperville|\
Syracuse|Pasadena|Dayton|Rockford|Hartford|New Haven|Charleston|Topeka|Cedar Rapids|Ann Arbor|\
Lansing|Flint|Evanston|Boulder|Berkeley|Palo Alto|Cambridge|Princeton|Albany|Brooklyn|Queens|\
Manhattan|Bronx|Staten Island|Harlem|Bethesda|Galveston|Gainesville|Wilmington|Manchester|\
Burlington|Billings|Fargo|Cheyenne|Santa Fe|Annapolis|Trenton|Dover|Harrisburg|Scranton|Erie|\
Duluth|Green Bay|Toronto|Montreal|London|Paris|Berlin|Madrid|Rome|Tokyo|Beijing|Shanghai|Delhi|\
Mumbai|Sydney|Melbourne|Dublin|Mexico City";
